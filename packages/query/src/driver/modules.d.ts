// The drivers are optional and come without types of their own; what is used of them is written beside its use.
declare module "pg";
declare module "sqlite3";
