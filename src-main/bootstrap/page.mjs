/**
 * Decides how the page comes about: Vite builds src-renderer into assets/ whenever its sources, or
 * what they take from src-main, have changed. Without a page the program still runs, from the
 * terminal; one line says so.
 */
import { existsSync } from "node:fs";
import { runCommand } from "./command.mjs";
import { inRoot, root } from "./folders.mjs";
import { say, step } from "./journal.mjs";
import { cleanEnvironment } from "./npm.mjs";
import { SetupFailure, failureFrom, saysDiskFull } from "./setup-failure.mjs";
import { filesBelow, forgetStamp, freshResult, writeStamp } from "./stamp.mjs";

const CONFIG = "vite.config.ts";
const OUTPUT = "assets";

/** What of src-main the page's sources reach: it recomputes proofs by the same rules. */
const ROOMS = ["contract", "codec", "crypto", "ledger"];

/** Their versions decide what the build makes. */
const TOOLS = ["svelte", "vite", "uplot", "@fontsource-variable/inter"];

/** @param {string[]} outputs */
function inputsFor(...outputs) {
  return {
    name: "page",
    key: "page",
    // A tool that is not installed is no reason to stop: the build says so, and the set-up goes on.
    files: [
      CONFIG,
      ...filesBelow("src-renderer"),
      ...ROOMS.flatMap((room) => filesBelow(`src-main/${room}`)),
      ...TOOLS.map((tool) => `node_modules/${tool}/package.json`),
    ].filter((path) => existsSync(inRoot(path))),
    outputs,
  };
}

function built() {
  return inputsFor(OUTPUT, ...filesBelow(OUTPUT));
}

/** True where nothing has to be built, also where these very sources have failed to build. */
export function pageFresh() {
  if (!existsSync(inRoot(CONFIG))) return true;
  return freshResult(built()) === "built" || freshResult(inputsFor()) === "failed";
}

/** Lets the next run build again, for a person who has mended what was wrong. */
export function forgetFailedPage() {
  if (existsSync(inRoot(CONFIG)) && freshResult(inputsFor()) === "failed") forgetStamp("page");
}

/**
 * Builds the page; a failure is one line and no more, a full disk is thrown.
 * @param {import("./fitting-node.mjs").FittingNode} node
 */
export async function buildPage(node) {
  let failed = false;
  await step("building the page", "page built", async () => {
    const args = [inRoot("node_modules", "vite", "bin", "vite.js"), "build", "--logLevel", "warn"];
    const result = await runCommand(node.file, args, { cwd: root, env: cleanEnvironment() });
    if (saysDiskFull(result.output)) {
      throw failureFrom("build the page", result.output, { code: "", message: "" });
    }
    failed = result.code !== 0 || !existsSync(inRoot(OUTPUT, "index.html"));
    if (failed) throw new SetupFailure("SETUP_PAGE", "the page does not build here");
  }).catch((error) => {
    if (!failed) throw error;
  });
  forgetStamp("page");
  if (failed) {
    say("set-up: SETUP_PAGE: the page does not build here (details: build/setup.log)");
    writeStamp(inputsFor(), "failed");
  } else {
    writeStamp(built(), "built");
  }
}
