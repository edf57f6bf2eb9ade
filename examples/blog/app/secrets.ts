import { createSecretKey, randomBytes } from "node:crypto";

function fromEnvironment(name: string, bytes: number, told: (random: string) => string): string {
  const value = process.env[name];
  if (value) return value;
  const random = randomBytes(bytes).toString("hex");
  console.warn(`${name} is not set: ${told(random)}`);
  return random;
}

/** Signs the tokens that /login gives; 32 bytes in hex. */
export const tokenKey = createSecretKey(
  Buffer.from(
    fromEnvironment("JWT_SECRET", 32, () => "who is signed in has to sign in again after a restart."),
    "hex",
  ),
);

/** What the author signs in with. */
export const authorPassword = fromEnvironment(
  "AUTHOR_PASSWORD",
  6,
  (random) => `until the next start the author's password is ${random}`,
);
