/**
 * Decides which file answers a verb. A command line loads that one alone: the daemon, the reports
 * and the importers behind all verbs are a thousand files, which cost a second before any answer.
 */

import type { Command } from "commander";

type Add = (program: Command) => void;

/** Each verb with what adds it, in the order in which the help lists them. */
const VERBS: ReadonlyMap<string, () => Promise<Add>> = new Map([
  ["start", async () => (await import("./start.ts")).addStart],
  ["up", async () => (await import("./up.ts")).addUp],
  ["stop", async () => (await import("./stop.ts")).addStop],
  ["status", async () => (await import("./status.ts")).addStatus],
  ["devices", async () => (await import("./devices.ts")).addDevices],
  ["mine", async () => (await import("./mine.ts")).addMine],
  ["job", async () => (await import("./job.ts")).addJob],
  ["wallet", async () => (await import("./wallet.ts")).addWallet],
  ["model", async () => (await import("./model.ts")).addModel],
  ["open", async () => (await import("./open.ts")).addOpen],
  ["energy", async () => (await import("./energy.ts")).addEnergy],
  ["rules", async () => (await import("./rules.ts")).addRules],
  ["ledger", async () => (await import("./ledger.ts")).addLedger],
  ["private", async () => (await import("./private.ts")).addPrivate],
  ["config", async () => (await import("./config.ts")).addConfig],
  ["service", async () => (await import("./service.ts")).addService],
  ["logs", async () => (await import("./logs.ts")).addLogs],
  ["backup", async () => (await import("./backup.ts")).addBackup],
  ["restore", async () => (await import("./backup.ts")).addRestore],
  ["bench", async () => (await import("./bench.ts")).addBench],
  ["doctor", async () => (await import("./doctor.ts")).addDoctor],
  ["openrpc", async () => (await import("./openrpc.ts")).addOpenRpc],
  ["version", async () => (await import("./version.ts")).addVersion],
]);

/**
 * Adds the verb that these words begin with; every verb where they begin with none (help, an option
 * of the program, a word that is no verb), since the answer may then name any.
 * @param words  the command line without program and script
 */
export async function addVerbs(program: Command, words: readonly string[]): Promise<void> {
  const asked = VERBS.get(words.at(0) ?? "");
  const adders = asked === undefined ? [...VERBS.values()] : [asked];
  for (const load of adders) (await load())(program);
}
