// The drivers are optional and come without types. The files that use them declare the necessary types.
declare module "pg";
declare module "sqlite3";
