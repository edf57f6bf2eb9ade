#!/usr/bin/env node
// Without this file, `npx miqro-cluster` would fetch a package of that name from a registry, whoever it belongs to.
console.error(
  "miqro-cluster is not available yet in this version of miqro. Run miqro, which is one process.",
);
process.exitCode = 10;
