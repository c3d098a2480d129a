/**
 * Decides which npm set-up runs, and on which Node: the npm that started us, else the one beside
 * the present Node, else the first on PATH. npm always runs on its own Node: a fetched Node brings
 * no npm and does not know the certificates that the machine's own Node was set up with.
 */
import { existsSync, realpathSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { runCommand } from "./command.mjs";
import { SetupFailure, failureFrom, saysDiskFull } from "./setup-failure.mjs";

/** Fewer and shorter than npm's own, so that no network is said within seconds and not minutes. */
const PATIENCE = ["--fetch-retries=2", "--fetch-retry-mintimeout=500"];
const PATIENCE_MAX = ["--fetch-retry-maxtimeout=4000"];

/** npm's reason is quoted in one line of a terminal; the log has all of it. */
const NPM_REASON_CHARACTERS_MAX = 160;

/** Our own wishes for every run: no scripts of packages, nothing on the side. */
const QUIET = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier"];

/**
 * npm's program file and the Node to run it on.
 * @returns {{ node: string, script: string } | undefined}
 */
export function findNpm() {
  const started = process.env["npm_execpath"];
  if (started !== undefined && started.endsWith("npm-cli.js") && existsSync(started)) {
    return { node: process.env["npm_node_execpath"] ?? process.execPath, script: started };
  }
  const beside = scriptBeside(dirname(process.execPath));
  if (beside !== undefined) return { node: process.execPath, script: beside };
  for (const folder of (process.env["PATH"] ?? "").split(delimiter)) {
    const script = folder === "" ? undefined : scriptBeside(folder);
    if (script === undefined) continue;
    const node = join(folder, process.platform === "win32" ? "node.exe" : "node");
    return { node: existsSync(node) ? node : process.execPath, script };
  }
  return undefined;
}

/** npm's program file for a folder that holds `node` or `npm`. @param {string} folder */
function scriptBeside(folder) {
  if (process.platform === "win32") {
    // npm.cmd is a shell script around this file; running the file avoids the shell's quoting.
    const script = join(folder, "node_modules", "npm", "bin", "npm-cli.js");
    return existsSync(script) ? script : undefined;
  }
  try {
    const script = realpathSync(join(folder, "npm"));
    if (script.endsWith("npm-cli.js")) return script;
  } catch {
    // No npm in this folder.
  }
  const script = join(dirname(folder), "lib", "node_modules", "npm", "bin", "npm-cli.js");
  return existsSync(script) ? script : undefined;
}

/**
 * Runs npm in a folder.
 * @param {string} doing     what for, as it follows "could not"
 * @param {string} folder
 * @param {string[]} args
 */
export async function runNpm(doing, folder, args) {
  const npm = findNpm();
  if (npm === undefined) {
    throw new SetupFailure(
      "SETUP_NPM_MISSING",
      `could not ${doing}: there is no npm beside Node or on PATH. Install Node with npm.`,
    );
  }
  const all = [npm.script, ...args, ...QUIET, ...PATIENCE, ...PATIENCE_MAX];
  const result = await runCommand(npm.node, all, { cwd: folder, env: cleanEnvironment() });
  // npm warns about files it could not write and may still end with 0, hence the second look.
  if (result.code === 0 && !saysDiskFull(result.output)) return;
  throw failureFrom(doing, result.output, {
    code: "SETUP_NPM",
    message: `could not ${doing}: npm ended with ${result.code} (${firstError(result.output)}).`,
  });
}

/** The first line in which npm says what went wrong. @param {string} output */
function firstError(output) {
  const lines = output
    .split("\n")
    .filter((line) => /^npm (error|ERR!) /.test(line))
    .map((line) => line.replace(/^npm (error|ERR!) /, "").trim());
  const telling = lines.find((line) => line !== "" && !/^(code|errno|syscall|path) /.test(line));
  return telling?.slice(0, NPM_REASON_CHARACTERS_MAX) ?? "details: build/setup.log";
}

/**
 * The environment without what an outer npm told its script about its own project: left in, it
 * would send a nested npm to the wrong folder and node-gyp to the wrong headers.
 */
export function cleanEnvironment() {
  const env = { ...process.env };
  for (const name of Object.keys(env)) {
    if (/^npm_(package|lifecycle|command)/i.test(name)) delete env[name];
    if (/^npm_config_(nodedir|local_prefix|prefix|global|omit|workspaces?)$/i.test(name)) {
      delete env[name];
    }
  }
  return env;
}
