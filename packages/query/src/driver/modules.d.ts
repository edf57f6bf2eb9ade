// The drivers are optional and have no types of their own. The parts that are used have types beside their use.
declare module "pg";
declare module "sqlite3";
