declare module "redis";
