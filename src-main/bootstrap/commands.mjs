/**
 * Decides what each command of the bootstrap does once the tree is set up, and how its end is told.
 */
import { inRoot, logFile } from "./folders.mjs";
import { launch } from "./launch.mjs";
import { log, say } from "./journal.mjs";
import { setUp } from "./set-up.mjs";
import { SetupFailure } from "./setup-failure.mjs";

const USAGE =
  "usage: node src-main/bootstrap.mjs start|test|check|bench|package|cli|setup [arguments]";

/** Exit codes of our commands: DESIGN's "CLI" list. */
const EXIT_USAGE = 2;

/**
 * Runs a command and ends the process with its exit code.
 * @param {string[]} args   command first
 */
export async function runAndExit(args) {
  try {
    process.exitCode = await run(args);
  } catch (error) {
    process.exitCode = tell(error);
  }
}

/** @param {string[]} args @returns {Promise<number>} */
async function run([command, ...rest]) {
  const program = inRoot("src-main", "processes", "cli.ts");
  switch (command) {
    case "start": {
      const ready = await setUp("all");
      if (isBroken(ready)) say(`set-up: ${ready.addon.absent}`);
      return launch(ready, [program, "start", ...rest]);
    }
    case "cli":
      return launch(await setUp("all"), [program, ...rest]);
    case "test": {
      const ready = await setUp("all");
      refuseBrokenAddon(ready);
      const { runTests } = await import("./test-run.mjs");
      return runTests(ready, rest);
    }
    case "check": {
      const ready = await setUp("tools");
      const { runChecks } = await import("./check-run.mjs");
      return runChecks(ready);
    }
    case "bench": {
      const ready = await setUp("all");
      return launch(ready, [inRoot("test", "bench", "run.ts"), ...rest]);
    }
    case "package": {
      const ready = await setUp("all");
      refuseBrokenAddon(ready);
      return launch(ready, [inRoot("packaging", "make-packages.mjs"), ...rest]);
    }
    case "setup": {
      const ready = await setUp("all", { again: true });
      refuseBrokenAddon(ready);
      say(`set-up: ready on Node ${ready.node.version}`);
      return 0;
    }
    default:
      say(USAGE);
      return EXIT_USAGE;
  }
}

/**
 * A native engine that does not compile is a fault to mend where the tree is tested; a person who
 * only wants to start gets a line and the kernels as WebAssembly.
 * @param {import("./set-up.mjs").Ready} ready
 */
function refuseBrokenAddon(ready) {
  if (!isBroken(ready)) return;
  throw new SetupFailure("SETUP_ADDON", ready.addon.absent.replace("SETUP_ADDON: ", ""));
}

/**
 * @param {import("./set-up.mjs").Ready} ready
 * @returns {ready is { node: any, addon: { absent: string } }}
 */
function isBroken(ready) {
  return "absent" in ready.addon && ready.addon.absent.startsWith("SETUP_ADDON: ");
}

/** What is safe with every code of set-up, as `contract/safety.ts` has it. */
const SAFE =
  "The data folder, which set-up leaves alone; running it again goes on where it stopped.";

/** Two lines for a person; the stack, if there is one, goes to the log. @param {unknown} error */
function tell(error) {
  if (error instanceof SetupFailure) {
    say(`${error.code}: ${error.message}`);
    say(`Safe: ${SAFE}`);
    return error.exitCode;
  }
  log(`${error instanceof Error ? error.stack : String(error)}\n`);
  const message = error instanceof Error ? error.message.split("\n")[0] : String(error);
  say(`SETUP_INTERNAL: ${message} (details: ${logFile})`);
  say(`Safe: ${SAFE}`);
  return 1;
}
