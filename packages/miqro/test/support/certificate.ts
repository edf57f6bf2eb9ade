import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Makes a key and a certificate for `localhost` and 127.0.0.1, as `NAME.key` and `NAME.cert` of a folder. */
export async function makeCertificate(folder: string, name = "server"): Promise<void> {
  await run("openssl", [
    ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"],
    ...["-keyout", join(folder, `${name}.key`), "-out", join(folder, `${name}.cert`)],
    ...["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"],
  ]);
}
