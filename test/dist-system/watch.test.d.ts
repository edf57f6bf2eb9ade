export {};
//# sourceMappingURL=watch.test.d.ts.map
