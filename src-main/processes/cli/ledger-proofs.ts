/** `vivian ledger prove`: that a slot, its outcome or an earlier size is part of the ledger. */

import type { Command } from "commander";

import type { LedgerProof, OutcomeProof, SizeProof } from "../../contract/control-api/index.ts";
import { formatCount, formatNumberOf } from "../../contract/units.ts";
import { need } from "./failure.ts";
import { readSlot } from "./read-number.ts";
import { answer, openSession, withDaemon } from "./session.ts";
import { pairs } from "./table.ts";

interface ProveOptions {
  readonly json?: boolean;
  readonly since?: number;
  readonly outcome?: boolean;
}

/** Adds the verb. */
export function addLedgerProofs(ledger: Command): void {
  ledger
    .command("prove")
    .argument("[slot]", "slot of the record", readSlot)
    .option("--outcome", "prove what became of the slot instead; works for pruned slots too")
    .option("--since <size>", "prove that nothing before this size was changed since", readSlot)
    .description("show the proof that a slot is part of the certified ledger")
    .option("--json", "answer as JSON")
    .addHelpText("after", "\nExamples:\n  vivian ledger prove 57\n  vivian ledger prove --since 40")
    .action(async (slot: number | undefined, options: ProveOptions, command: Command) => {
      const { since, outcome } = options;
      if ((slot === undefined) === (since === undefined) || (outcome && slot === undefined)) {
        command.error("error: name a slot, or a size with --since");
      }
      const session = openSession(options);
      await withDaemon(session, async (client) => {
        if (slot === undefined) {
          const proof = need(await client.call("ledger.consistency", { since: since ?? 0 }));
          answer(session, proof, sizeLines(proof));
        } else if (outcome === true) {
          const proof = need(await client.call("ledger.outcome", { slot }));
          answer(session, proof, outcomeLines(proof));
        } else {
          const proof = need(await client.call("ledger.prove", { slot }));
          answer(session, proof, proofLines(proof));
        }
      });
    });
}

function proofLines(proof: LedgerProof): string[] {
  const size = formatNumberOf(proof.vectorSize, "slot", "slots");
  const steps = formatNumberOf(proof.path.length, "hash", "hashes");
  return [
    `Slot ${formatCount(proof.slot)} is one of the ${size} that commit ` +
      `${formatCount(proof.certifiedCommit)} certifies: ${steps}, checked.`,
    ...pairs([
      ["vector root", proof.vectorRoot],
      ["leaf hash", proof.leafHash],
    ]),
    ...pathLines(proof.path),
  ];
}

function outcomeLines(proof: OutcomeProof): string[] {
  const became = proof.code === "" ? "was applied" : `was refused: ${proof.code}`;
  return [
    `The record in slot ${formatCount(proof.slot)} ${became}; commit ` +
      `${formatCount(proof.namedBy)} names the outcome root.`,
    ...pairs([
      ["outcome root", proof.outcomeRoot],
      ["outcome", proof.outcome],
    ]),
    ...pathLines(proof.path),
  ];
}

function sizeLines(proof: SizeProof): string[] {
  const first = formatNumberOf(proof.since, "slot", "slots");
  return [
    `The first ${first} are the beginning of the ${formatCount(proof.vectorSize)} that commit ` +
      `${formatCount(proof.certifiedCommit)} certifies: nothing in them was changed since.`,
    ...pairs([
      ["root then", proof.sinceRoot],
      ["root now", proof.vectorRoot],
    ]),
    ...pathLines(proof.path),
  ];
}

function pathLines(path: readonly string[]): string[] {
  return path.map((hash) => `path  ${hash}`);
}
