/** Decides what a command line means: one verb per file, one exit code per end. */

import { Command, CommanderError } from "commander";

import { explainCode } from "../../contract/explain.ts";
import { BrokenInvariant, Fault } from "../../contract/outcome.ts";
import { safeWith } from "../../contract/safety.ts";
import { programVersion } from "../program-version.ts";
import { addBackup, addRestore } from "./backup.ts";
import { addBench } from "./bench.ts";
import { addConfig } from "./config.ts";
import { addDevices } from "./devices.ts";
import { addDoctor } from "./doctor.ts";
import { addEnergy } from "./energy.ts";
import { CommandFailure, EXIT, exitCodeOf, failureText } from "./failure.ts";
import type { Refusal } from "./failure.ts";
import { addJob } from "./job.ts";
import { addLedger } from "./ledger.ts";
import { addLogs } from "./logs.ts";
import { addMine } from "./mine.ts";
import { addModel } from "./model.ts";
import { addOpen } from "./open.ts";
import { addOpenRpc } from "./openrpc.ts";
import { addPrivate } from "./private.ts";
import { asTyped } from "./own-command.ts";
import { addRules } from "./rules.ts";
import { addService } from "./service.ts";
import { addStart } from "./start.ts";
import { addStatus } from "./status.ts";
import { addStop } from "./stop.ts";
import { addUp } from "./up.ts";
import { addVersion } from "./version.ts";
import { addWallet } from "./wallet.ts";

/**
 * Runs a command line and gives its exit code: 0 done, 1 refused or failed, 2 usage, 3 no daemon.
 * @param words  the command line without program and script
 */
export async function runCli(words: readonly string[]): Promise<number> {
  try {
    await buildProgram().parseAsync([...words], { from: "user" });
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
  const program = new Command("vivian")
    .description("VIVIAN Miner: trains models, proves it, is paid for it")
    .version(programVersion(), "--version", "show this program's version")
    .addHelpText("after", "\nBegin with: vivian start\nExit codes: 0 done, 1 refused or failed,")
    .addHelpText("after", "2 usage, 3 no daemon answers. VIVIAN_HOME names the data folder.")
    .helpCommand("help [verb]", "show how a verb is used")
    .exitOverride()
    .showHelpAfterError("(vivian help shows the verbs)");
  const verbs = [addStart, addUp, addStop, addStatus, addDevices, addMine, addJob, addWallet];
  const more = [
    addModel,
    addOpen,
    addEnergy,
    addRules,
    addLedger,
    addPrivate,
    addConfig,
    addService,
    addLogs,
    addBackup,
    addRestore,
    addBench,
    addDoctor,
    addOpenRpc,
    addVersion,
  ];
  for (const add of [...verbs, ...more]) add(program);
  return program;
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
