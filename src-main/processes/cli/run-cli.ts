/** Decides what a command line means: a verb with its words, one exit code per end. */

import { Command, CommanderError } from "commander";

import { explainCode } from "../../contract/explain.ts";
import { BrokenInvariant, Fault } from "../../contract/outcome.ts";
import { safeWith } from "../../contract/safety.ts";
import { programVersion } from "../program-version.ts";
import { CommandFailure, EXIT, exitCodeOf, failureText } from "./failure.ts";
import type { Refusal } from "./failure.ts";
import { asTyped } from "./own-command.ts";
import { addVerbs } from "./verbs.ts";

/**
 * Runs a command line and gives its exit code: 0 done, 1 refused or failed, 2 usage, 3 no daemon.
 * @param words  the command line without program and script
 */
export async function runCli(words: readonly string[]): Promise<number> {
  try {
    const program = buildProgram();
    await addVerbs(program, words);
    await program.parseAsync([...words], { from: "user" });
    return EXIT.DONE;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.DONE : EXIT.USAGE;
    const refusal = refusalOf(error);
    const isAnswered = error instanceof CommandFailure && error.isAnswered;
    if (words.includes("--json") && !isAnswered) {
      const safe = safeWith(refusal.code);
      const error = { ...explainCode(refusal.code), safe, ...refusal };
      process.stdout.write(`${JSON.stringify({ error }, null, 2)}\n`);
    }
    process.stderr.write(`${asTyped(failureText(refusal))}\n`);
    return exitCodeOf(refusal);
  }
}

function buildProgram(): Command {
  return new Command("vivian")
    .description("VIVIAN Miner: trains models, proves it, is paid for it")
    .version(programVersion(), "--version", "show this program's version")
    .addHelpText("after", "\nBegin with: vivian start\nExit codes: 0 done, 1 refused or failed,")
    .addHelpText("after", "2 usage, 3 no daemon answers. VIVIAN_HOME names the data folder.")
    .helpCommand("help [verb]", "show how a verb is used")
    .exitOverride()
    .showHelpAfterError("(vivian help shows the verbs)");
}

/** What was thrown, as a refusal with a code. */
function refusalOf(error: unknown): Refusal {
  if (error instanceof CommandFailure) return error.refusal;
  if (error instanceof Fault) return { code: error.code, facts: error.facts };
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const first = error instanceof BrokenInvariant ? error.message : (stack.split("\n")[0] ?? "");
  process.stderr.write(`${stack}\n`);
  return { code: "PROCESSES_INTERNAL", facts: { message: first } };
}
