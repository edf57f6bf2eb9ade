export {};
//# sourceMappingURL=packages.test.d.ts.map
