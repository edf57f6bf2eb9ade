export {};
//# sourceMappingURL=quick-start.test.d.ts.map
