// The main script of an executable cannot import modules: it is no module of the loader. This one is.
exports.importModule = (url: string): Promise<unknown> => import(url);
