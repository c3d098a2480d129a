/**
 * Decides what `npm test` runs: vitest on the fitting Node. The first line after set-up says what
 * this machine lacks, so that a skipped test is never a surprise.
 */
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { inRoot, root } from "./folders.mjs";
import { launch } from "./launch.mjs";

const BROWSERS = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/**
 * Runs the tests; `--full` asks for the long form of those that have one.
 * @param {import("./set-up.mjs").Ready} ready
 * @param {string[]} args    vitest's own arguments
 */
export async function runTests(ready, args) {
  const full = args.includes("--full");
  const rest = args.filter((arg) => arg !== "--full");
  process.stdout.write(`${presenceLine(ready)}\n`);
  const runner = inRoot("node_modules", "vitest", "vitest.mjs");
  const more = full ? { VIVIAN_FULL: "1" } : {};
  return launch(ready, [runner, "run", "--root", root, ...rest], more);
}

/** @param {import("./set-up.mjs").Ready} ready */
function presenceLine(ready) {
  const native = "file" in ready.addon;
  const vectors = existsSync(join(root, "..", "shared", "vectors"));
  return [
    "skipped where absent:",
    `native engine (${native ? "present" : "absent"}),`,
    `../shared/vectors (${vectors ? "present" : "absent"}),`,
    `Chromium (${browserPresent() ? "present" : "absent"})`,
  ].join(" ");
}

function browserPresent() {
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  return BROWSERS.some((name) => folders.some((folder) => existsSync(join(folder, name))));
}
