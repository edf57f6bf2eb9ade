export type { ClaimOptions, Lifetime } from "./jwt/claims.js";
export { decode } from "./jwt/decode.js";
export { type DecryptOptions, decrypt, type EncryptOptions, encrypt } from "./jwt/encrypt.js";
export { InvalidTokenError, KeySetUnavailableError, WeakSecretError } from "./jwt/errors.js";
export type { Secret } from "./jwt/key.js";
export { createRemoteKeySet, type RemoteKeySet, type RemoteKeySetOptions } from "./jwt/remote-key-set.js";
export { type SignOptions, sign } from "./jwt/sign.js";
export { type TokenPayload, type VerifyOptions, verify } from "./jwt/verify.js";
