export { InvalidTokenError, WeakSecretError } from "./jwt/errors.js";
export type { Secret } from "./jwt/key.js";
export type { SignOptions, TokenPayload, VerifyOptions } from "./jwt/token.js";
export { decode, sign, verify } from "./jwt/token.js";
