/**
 * Decides what `npm run check` runs: types, lint, format and the repository's rules. All of them
 * run even where one fails, two at a time, and each prints its seconds and its findings.
 */
import { spawn } from "node:child_process";
import { inRoot, root } from "./folders.mjs";

/** Types and lint each hold the whole program in memory; more at once would only swap. */
const AT_ONCE_MAX = 2;

/** @type {{ name: string, args: string[] }[]} */
const CHECKS = [
  { name: "lint", args: [bin("eslint", "bin/eslint.js"), ".", "--max-warnings=0"] },
  { name: "types", args: [bin("typescript", "bin/tsc"), "-p", "tsconfig.json"] },
  {
    name: "types of the plain JavaScript",
    args: [bin("typescript", "bin/tsc"), "-p", "src-main/bootstrap/tsconfig.json"],
  },
  {
    name: "types of the page",
    args: [bin("svelte-check", "bin/svelte-check"), "--tsconfig", "src-renderer/tsconfig.json"],
  },
  {
    name: "format",
    args: [
      bin("prettier", "bin/prettier.cjs"),
      "--check",
      "--log-level=warn",
      ".",
      "!**/*.md",
      "!package-lock.json",
      "!src-main/contract/openrpc.json",
      "!test/vectors/**",
    ],
  },
  {
    name: "repository rules",
    args: [bin("vitest", "vitest.mjs"), "run", "--project", "repository"],
  },
];

/** @param {string} name @param {string} file */
function bin(name, file) {
  return inRoot("node_modules", name, ...file.split("/"));
}

/**
 * Runs every check.
 * @param {import("./set-up.mjs").Ready} ready
 * @returns {Promise<number>} 0 where all hold
 */
export async function runChecks(ready) {
  const waiting = [...CHECKS];
  let failed = 0;
  const lane = async () => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
      if (!(await runCheck(ready.node.file, check))) failed += 1;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE_MAX }, lane));
  process.stdout.write(failed === 0 ? "check: all hold\n" : `check: ${failed} failed\n`);
  return failed === 0 ? 0 : 1;
}

/** @param {string} node @param {{ name: string, args: string[] }} check */
function runCheck(node, check) {
  const began = performance.now();
  return new Promise((resolve) => {
    let output = "";
    const child = spawn(node, check.args, {
      cwd: root,
      env: { ...process.env, NO_COLOR: "1" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    child.stdout.on("data", (chunk) => (output += chunk));
    child.stderr.on("data", (chunk) => (output += chunk));
    child.on("error", (error) => (output += error.message));
    child.on("close", (code) => {
      const seconds = ((performance.now() - began) / 1000).toFixed(1);
      const verdict = code === 0 ? "holds" : "FAILS";
      process.stdout.write(`check: ${check.name} ${verdict}, ${seconds} s\n`);
      if (code !== 0) process.stdout.write(`${output.trim()}\n`);
      resolve(code === 0);
    });
  });
}
