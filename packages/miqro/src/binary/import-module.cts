// The main script of an executable cannot call `import()`, because Node.js did not load it as a module. Node.js loads
// this file as a module, so it can.
exports.importModule = (url: string): Promise<unknown> => import(url);
