/** `vivian ledger evidence`: two votes that exclude each other, shown to the ledger. */

import { existsSync } from "node:fs";
import type { Command } from "commander";

import { nativeEd25519Verify } from "../../adapters/native-crypto/ed25519.ts";
import { nativeSha256 } from "../../adapters/native-crypto/sha256.ts";
import { bytesToHex, hexToBytes } from "../../contract/bytes.ts";
import { shortHex } from "../../contract/units.ts";
import { addressToText } from "../../crypto/index.ts";
import { checkEvidence, genesisHash, VOTE_BYTES_MAX } from "../../ledger/index.ts";
import type { Evidence, Statement, VotePair } from "../../ledger/index.ts";
import { readGenesis } from "../read-genesis.ts";
import { CommandFailure, need } from "./failure.ts";
import { followLedger } from "./follow-ledger.ts";
import { withPayingOptions } from "./paying-account.ts";
import { needFile } from "./read-words.ts";
import { sendAndTell } from "./send-record.ts";
import type { RecordOptions, RecordPlan } from "./send-record.ts";
import { openSession, withDaemon } from "./session.ts";

const EVIDENCE_HELP = `
FIRST and SECOND are votes as they came: a file with a vote's bytes or their hex digits, or the hex
digits themselves. They are checked here first: both of one validator, epoch and view, both signed
by it, and such that no honest validator signs both. A part of its bond is burned then, and a tenth
of that is yours; each view counts once.

Example:
  vivian ledger evidence first.vote second.vote`;

/** Adds the verb. */
export function addLedgerEvidence(ledger: Command): void {
  withPayingOptions(ledger.command("evidence"))
    .argument("<first>", "a vote: a file, or hex digits")
    .argument("<second>", "the vote that excludes it")
    .option("--account <address>", "the account, when its signing key was rotated away")
    .description("report a validator that signed two statements which exclude each other")
    .addHelpText("after", EVIDENCE_HELP)
    .action(async (first: string, second: string, options: RecordOptions) => {
      const session = openSession(options);
      const pair = { first: needVote(first), second: needVote(second) };
      const genesis = readGenesis(session.folder.genesis);
      if (genesis === null) throw new CommandFailure({ code: "PROCESSES_NO_LEDGER" });
      await withDaemon(session, async (client) => {
        const { validators } = need(await followLedger(client, genesis, Date.now())).view;
        const network = genesisHash(nativeSha256, genesis);
        const verifyEd25519 = nativeEd25519Verify;
        const context = { genesisHash: network, validators, verifyEd25519 };
        const shown = need(checkEvidence(pair, context));
        await sendAndTell(session, client, options, evidencePlan(pair, shown), () => "Reported.");
      });
    });
}

function evidencePlan(pair: VotePair, shown: Evidence): RecordPlan {
  const { index, validator, first, second } = shown;
  return {
    draft: { kind: "evidence", ...pair },
    lines: [
      ["validator", `${addressToText(validator.address)} (number ${index})`],
      ["signed", statementText(first)],
      ["and also", statementText(second)],
      ["then", "a part of its bond is burned, a tenth of that goes to the account below"],
    ],
    question: "Report it?",
  };
}

function statementText({ kind, epoch, view, commitDigest }: Statement): string {
  const what = kind === "nullify" ? "" : ` of commit ${shortHex(bytesToHex(commitDigest))}`;
  return `${kind}${what}, epoch ${String(epoch)}, view ${String(view)}`;
}

/** Bytes of a vote, from a file or from hex digits. Throws PROCESSES_INPUT_FILE. */
function needVote(text: string): Uint8Array {
  const given = fromHex(text);
  if (given !== null && !existsSync(text)) return given;
  const bytes = needFile(text, 2 * VOTE_BYTES_MAX + 2);
  return fromHex(new TextDecoder().decode(bytes)) ?? bytes;
}

function fromHex(text: string): Uint8Array | null {
  const digits = text.trim().replace(/^0x/, "").toLowerCase();
  return digits.length > 0 && /^(?:[0-9a-f]{2})+$/.test(digits) ? hexToBytes(digits) : null;
}
