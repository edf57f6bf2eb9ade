import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { createSecureContext } from "node:tls";
import { fileReasonOf, MiqroError } from "../errors.js";

/** The certificate and key of a server for HTTPS: the contents of two files in PEM. */
export interface Certificate {
  readonly key: string;
  /** The certificate of the server, and the chain of certificates from it to a known authority. */
  readonly cert: string;
}

/** The paths of the two files. */
export interface CertificatePaths {
  readonly httpsKey?: string | undefined;
  readonly httpsCert?: string | undefined;
}

/**
 * Reads a private key and its certificate.
 * @throws {MiqroError} `MIQRO_CONFIG` with all problems of both files, one sentence on each line
 */
export function readCertificate(paths: CertificatePaths): Certificate {
  const faults: string[] = [];
  const key = readPEM(paths.httpsKey, "key", faults);
  const cert = readPEM(paths.httpsCert, "certificate", faults);
  const privateKey = key === undefined ? undefined : parseKey(key, paths.httpsKey ?? "", faults);
  const certificate = cert === undefined ? undefined : parseCertificate(cert, paths.httpsCert ?? "", faults);
  if (privateKey !== undefined && certificate?.checkPrivateKey(privateKey) === false) {
    faults.push(
      `${paths.httpsKey} is not the key of ${paths.httpsCert}. Give the two files that were made together.`,
    );
  }
  if (faults.length === 0 && key !== undefined && cert !== undefined) {
    try {
      createSecureContext({ key, cert });
      return { key, cert };
    } catch (error) {
      faults.push(`${paths.httpsCert} is refused by OpenSSL: ${(error as Error).message}.`);
    }
  }
  throw new MiqroError("MIQRO_CONFIG", faults.join("\n"));
}

/**
 * Returns a sentence if a certificate is not valid today, because browsers refuse it then. Undefined if it is valid.
 */
export function whyNotValid(
  { cert }: Certificate,
  path: string,
  now: number = Date.now(),
): string | undefined {
  const { validFrom, validTo } = new X509Certificate(cert);
  if (now > Date.parse(validTo)) return `The certificate ${path} has expired: it was valid until ${validTo}.`;
  if (now < Date.parse(validFrom)) return `The certificate ${path} is not valid before ${validFrom}.`;
  return undefined;
}

const flags = {
  key: '--https-key FILE, HTTPS_KEY, or "httpsKey" in miqro.json',
  certificate: '--https-cert FILE, HTTPS_CERT, or "httpsCert" in miqro.json',
} as const;

function readPEM(
  path: string | undefined,
  what: "key" | "certificate",
  faults: string[],
): string | undefined {
  if (path === undefined) {
    faults.push(`HTTPS needs a ${what}. Give ${flags[what]}.`);
    return undefined;
  }
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    faults.push(`The ${what} ${path} cannot be read: ${fileReasonOf(error)}.`);
    return undefined;
  }
}

function parseKey(key: string, path: string, faults: string[]): KeyObject | undefined {
  try {
    return createPrivateKey(key);
  } catch (error) {
    if (/ENCRYPTED/.test(key)) {
      faults.push(`The key ${path} is encrypted. Decrypt it: openssl pkey -in ${path} -out plain.key.`);
    } else if (key.includes("BEGIN CERTIFICATE")) {
      faults.push(`${path} is a certificate, but was given as the key.`);
    } else faults.push(`${path} is not a private key in PEM format: ${(error as Error).message}.`);
    return undefined;
  }
}

function parseCertificate(cert: string, path: string, faults: string[]): X509Certificate | undefined {
  try {
    return new X509Certificate(cert);
  } catch (error) {
    if (cert.includes("PRIVATE KEY"))
      faults.push(`${path} is a private key, but was given as the certificate.`);
    else faults.push(`${path} is not a certificate in PEM format: ${(error as Error).message}.`);
    return undefined;
  }
}
