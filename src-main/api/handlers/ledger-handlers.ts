/** Decides what the ledger's methods answer: a record, its proof, its receipt, a check of all. */

import type {
  LedgerProof,
  LedgerRecord,
  LedgerReport,
  ReceiptAnswer,
} from "../../contract/control-api/index.ts";
import { encode } from "../../codec/index.ts";
import { bytesToHex } from "../../contract/bytes.ts";
import { accept, reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import { addressToText, verifyInclusion } from "../../crypto/index.ts";
import {
  decodeStored,
  genesisCodec,
  receiptCodec,
  receiptFileBytes,
  recordContext,
  recordId,
  verifyReceipt,
} from "../../ledger/index.ts";
import type { CertificateScheme, Genesis } from "../../ledger/index.ts";
import type { Hasher } from "../../crypto/index.ts";
import type { Node, VerifyReport } from "../../node/index.ts";
import type { Handlers } from "../handlers.ts";
import { accountAt, proveOutcome, proveSize, pruneBelow } from "./ledger-depth.ts";
import { effectText, payloadFields } from "./ledger-words.ts";

/** What the ledger's methods answer from. */
export interface LedgerNeeds {
  readonly node: Node;
  readonly genesis: Genesis;
  readonly hasher: Hasher;
  readonly scheme: CertificateScheme;
  /** Checks everything that is stored. */
  readonly verify: () => Promise<Outcome<LedgerReport>>;
  /** Keeps the bytes of a receipt's whole file; answers the file. */
  readonly writeReceipt: (slot: number, bytes: Uint8Array) => Promise<string>;
}

type LedgerMethods =
  | "ledger.genesis"
  | "ledger.get"
  | "ledger.prove"
  | "ledger.consistency"
  | "ledger.outcome"
  | "ledger.state"
  | "ledger.prune"
  | "ledger.verify"
  | "wallet.receipt";

/** Handlers of the ledger's methods. */
export function ledgerHandlers(needs: LedgerNeeds): Pick<Handlers, LedgerMethods> {
  const document = encode(genesisCodec, needs.genesis);
  return {
    "ledger.genesis": () => {
      const genesis = bytesToHex(needs.node.genesisHash());
      return Promise.resolve(accept({ genesis, bytes: bytesToHex(document) }));
    },
    "ledger.get": ({ slot }) => Promise.resolve(readRecord(needs, slot)),
    "ledger.prove": ({ slot }) => Promise.resolve(proveSlot(needs, slot)),
    "ledger.consistency": ({ since }) => Promise.resolve(proveSize(needs.node, since)),
    "ledger.outcome": ({ slot }) => Promise.resolve(proveOutcome(needs.node, slot)),
    "ledger.state": (asked) => Promise.resolve(accountAt(needs, asked)),
    "ledger.prune": ({ below }) => pruneBelow(needs.node, below),
    "ledger.verify": () => needs.verify(),
    "wallet.receipt": ({ slot }) => makeReceipt(needs, slot),
  };
}

/** A check's report as the control API has it; money is absent where nothing could be checked. */
export function ledgerReport(report: VerifyReport): LedgerReport {
  const { ok, code, facts, commits, slots, certificates, supply, durationMs } = report;
  return {
    ok,
    code: code ?? null,
    facts: { ...facts },
    commits,
    slots,
    certificates,
    prunedBelow: report.prunedBelow,
    executedFrom: report.executedFrom,
    supplyBase: String(supply?.circulatingBase ?? 0n),
    mintedBase: String(supply?.mintedBase ?? 0n),
    burnedBase: String(supply?.burnedBase ?? 0n),
    durationMs,
  };
}

/**
 * A receipt of a slot: made, checked as a stranger would, kept as a file.
 * @rejects NODE_SLOT, NODE_STOPPED, or why the receipt does not hold
 */
export async function makeReceipt(
  needs: LedgerNeeds,
  slot: number,
): Promise<Outcome<ReceiptAnswer>> {
  const { node, genesis, hasher, scheme } = needs;
  const receipt = await node.receipt(BigInt(slot));
  if (!receipt.ok) return receipt;
  const facts = verifyReceipt(receipt.value, { genesis, hasher, scheme });
  if (!facts.ok) return facts;
  const bytes = encode(receiptCodec, receipt.value);
  const { record, id, outcome } = facts.value;
  // A commit record repeats its commit's number as nonce; the receipt was checked, so it decodes.
  const commit = decodeStored(receipt.value.commit);
  return accept({
    slot,
    genesis: bytesToHex(node.genesisHash()),
    recordId: record.payload.kind === "commit" ? null : bytesToHex(id),
    code: outcome.code,
    effects: outcome.effects.map(effectText),
    certifiedCommit: commit.ok ? Number(commit.value.record.nonce) : 0,
    bytes: bytesToHex(bytes),
    file: await needs.writeReceipt(slot, receiptFileBytes(encode(genesisCodec, genesis), bytes)),
  });
}

/** What a record and its outcome are read from. */
export interface RecordNeeds {
  readonly node: Pick<Node, "record" | "outcome" | "genesisHash">;
  readonly hasher: Hasher;
}

/** A slot in words, with its bytes. @rejects NODE_SLOT, NODE_PRUNED */
export function readRecord({ node, hasher }: RecordNeeds, slot: number): Outcome<LedgerRecord> {
  const stored = node.record(BigInt(slot));
  if (!stored.ok) return stored;
  const read = decodeStored(stored.value);
  if (!read.ok) return read;
  const outcome = node.outcome(BigInt(slot));
  if (!outcome.ok) return outcome;
  const { record } = read.value;
  const isCommit = record.payload.kind === "commit";
  const context = recordContext(hasher, node.genesisHash());
  return accept({
    slot,
    kind: record.payload.kind,
    id: isCommit ? null : bytesToHex(recordId(record, context)),
    account: isCommit ? null : addressToText(record.account),
    nonce: isCommit ? null : String(record.nonce),
    fields: payloadFields(record),
    code: outcome.value.code,
    feeBase: String(outcome.value.feeBase),
    effects: outcome.value.effects.map(effectText),
    bytes: bytesToHex(stored.value),
  });
}

function proveSlot({ node, hasher }: LedgerNeeds, slot: number): Outcome<LedgerProof> {
  const proof = node.prove(BigInt(slot));
  if (!proof.ok) return proof;
  const { leafHash, path, vectorSize, vectorRoot, certifiedCommit } = proof.value;
  const size = Number(vectorSize);
  const verified = verifyInclusion(hasher, vectorRoot, {
    leafHash,
    index: slot,
    size,
    proof: path,
  });
  if (!verified) return reject("API_INTERNAL", { message: "the proof does not hold", slot });
  return accept({
    slot,
    vectorSize: size,
    vectorRoot: bytesToHex(vectorRoot),
    leafHash: bytesToHex(leafHash),
    path: path.map(bytesToHex),
    certifiedCommit: Number(certifiedCommit),
    verified,
  });
}
