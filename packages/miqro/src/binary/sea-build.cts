// Makes an executable from the files beside this script: main.cjs and pack. The script is part of miqro, and of the
// folder that `miqro --inflate-sea` writes. There it runs without miqro: node build.cjs [FILE]
const { spawnSync } = process.getBuiltinModule("node:child_process");
const { chmodSync, copyFileSync, renameSync, rmSync, writeFileSync } = process.getBuiltinModule("node:fs");
const { createRequire } = process.getBuiltinModule("node:module");
const { basename, dirname, join, resolve } = process.getBuiltinModule("node:path");

type SEABuild = import("./build/sea-build.js", { with: { "resolution-mode": "import" }}).SEABuild;

const fuse = "NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2";
const isMac = process.platform === "darwin";

function findTool(): { readonly postject?: string } {
  const [major = 0] = process.versions.node.split(".").map(Number);
  if (major < 24) {
    throw new Error(
      `An executable needs Node.js 24 or newer, but this is ${process.versions.node}. Use a newer version.`,
    );
  }
  // Node.js 25.5 and later write executables themselves, unless they were built without the library that this needs.
  const { node_use_lief: hasLibrary } = process.config.variables as { readonly node_use_lief?: unknown };
  if (hasLibrary === true || hasLibrary === 1) return {};
  try {
    return { postject: createRequire(join(process.cwd(), "_")).resolve("postject") };
  } catch {
    throw new Error(
      `Node.js ${process.versions.node} does not write executables itself; postject does it. Run "npm install --save-dev postject", or use Node.js 26.`,
    );
  }
}

function build(folder: string, node: string, out: string): void {
  const { postject } = findTool();
  const made = join(folder, "executable");
  // All paths are relative. Node.js writes them into the file that it packs, and these bytes must be the same on every
  // machine.
  const config = { main: "main.cjs", disableExperimentalSEAWarning: true, assets: { pack: "pack" } };
  const write = (more: object) =>
    writeFileSync(join(folder, "sea.json"), JSON.stringify({ ...config, ...more }));
  if (postject === undefined) {
    write({ output: "executable", executable: resolve(node) });
    run(process.execPath, ["--build-sea", "sea.json"], folder);
  } else {
    write({ output: "program.blob" });
    run(process.execPath, ["--experimental-sea-config", "sea.json"], folder);
    copyFileSync(node, made);
    chmodSync(made, 0o755);
    if (isMac) run("codesign", ["--remove-signature", made], folder);
    const program = [join(dirname(postject), "cli.js"), made, "NODE_SEA_BLOB", join(folder, "program.blob")];
    // Only the format of macOS has segments with names.
    run(process.execPath, [...program, "--sentinel-fuse", fuse, "--macho-segment-name", "NODE_SEA"], folder);
  }
  chmodSync(made, 0o755);
  // macOS on arm64 runs only signed programs. A file that was made on another system must be signed on a Mac.
  if (isMac) run("codesign", ["--sign", "-", made], folder);
  renameSync(made, out);
}

function run(command: string, args: readonly string[], cwd: string): void {
  // The output of a tool is shown only if the tool fails.
  const { status, signal, error, stdout, stderr } = spawnSync(command, args, { cwd, encoding: "utf8" });
  if (error !== undefined) throw new Error(`${basename(command)} could not be started: ${error.message}.`);
  if (status === 0) return;
  if (signal !== null) throw new Error(`The run was ended by ${signal}. Nothing is written.`);
  const said = `${stdout}${stderr}`.trim().split("\n").at(-1) ?? "";
  throw new Error(`${basename(command)} ${basename(args[0] ?? "")} failed: ${said}`);
}

if (require.main === module) {
  const out = process.argv[2] ?? (process.platform === "win32" ? "executable.exe" : "executable");
  try {
    if (isMac && process.arch === "x64") {
      throw new Error("Executables for macOS on Intel crash when they start (nodejs/node#62893).");
    }
    build(__dirname, process.execPath, resolve(out));
    for (const name of ["sea.json", "program.blob"]) rmSync(join(__dirname, name), { force: true });
    console.log(`Wrote ${out}`);
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = 20;
  }
}

module.exports = { fuse, findTool, build } satisfies SEABuild;
