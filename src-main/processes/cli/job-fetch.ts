/**
 * Decides how trained weights leave the daemon's folder: read, compared with the root that the
 * ledger names, and written with their description and receipts; or nothing is written.
 */

import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync } from "node:fs";
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

import { nativeSha256 } from "../../adapters/native-crypto/sha256.ts";
import { bytesToHex } from "../../contract/bytes.ts";
import { checkKeptDataSet } from "../../contract/control-api/index.ts";
import type { KeptDataSet, Weights } from "../../contract/control-api/index.ts";
import { accept, reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import { formatBytes, formatCount, formatNumberOf } from "../../contract/units.ts";
import { checkReceipt } from "./check-receipt.ts";
import { CommandFailure, need } from "./failure.ts";
import { holdoutLine } from "./result-lines.ts";
import { answer, openSession, withDaemon } from "./session.ts";
import type { Session } from "./session.ts";
import {
  describeWeights,
  MANIFEST_FILE,
  PAID_FILE,
  REVEAL_FILE,
  WEIGHTS_FILE,
} from "./weights-manifest.ts";
import type { Manifest } from "./weights-manifest.ts";

/** The options of `job fetch`. */
export interface FetchOptions {
  readonly out?: string;
  readonly json?: boolean;
}

/** Writes a job's trained weights. */
export async function fetchWeights(job: string, options: FetchOptions): Promise<void> {
  const session = openSession(options);
  await withDaemon(session, async (client) => {
    const weights = need(await client.call("job.weights", { job }));
    const bytes = readHeld(weights.file);
    const kept = readKept(weights.dataFile);
    const manifest = need(describeWeights(nativeSha256, weights, bytes, kept));
    const paid = readHeld(weights.paid.file);
    need(checkReceipt(session.folder, weights.paid.slot, paid));
    const reveal = weights.reveal === null ? null : need(checkedReveal(session, weights));
    const folder = resolve(options.out ?? defaultFolder(weights));
    writeAll(folder, [
      [WEIGHTS_FILE, bytes],
      ...(reveal === null ? [] : [[REVEAL_FILE, reveal] as const]),
      [PAID_FILE, paid],
      [MANIFEST_FILE, Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`)],
    ]);
    answer(session, { folder, ...manifest }, fetchedLines(folder, bytes, manifest, weights));
  });
}

/** The reveal's receipt, if it holds and names the root of these weights. */
function checkedReveal(session: Session, { reveal, endRoot, unit }: Weights): Outcome<Uint8Array> {
  if (reveal === null) return reject("PROCESSES_WEIGHTS_ROOT", { differs: "reveal" });
  const bytes = readHeld(reveal.file);
  const facts = checkReceipt(session.folder, reveal.slot, bytes);
  if (!facts.ok) return facts;
  const { payload } = facts.value.record;
  const names =
    payload.kind === "unit-reveal" &&
    bytesToHex(payload.endRoot) === endRoot &&
    bytesToHex(payload.unit) === unit &&
    facts.value.outcome.code === "";
  return names ? accept(bytes) : reject("PROCESSES_WEIGHTS_ROOT", { differs: "reveal record" });
}

function fetchedLines(
  folder: string,
  bytes: Uint8Array,
  manifest: Manifest,
  { holdout, data }: Weights,
): string[] {
  const { weights, receipts } = manifest;
  const learned = weights.tensors.filter(({ inModel }) => inModel);
  const numbers = learned.reduce((sum, tensor) => sum + tensor.bytes / 4, 0);
  const classes = data?.kind === "text" ? "the tokens" : "the classes";
  const slot =
    receipts.reveal === null
      ? ""
      : `, the root that record slot ` + `${formatCount(receipts.reveal.slot)} names`;
  return [
    `Weights of ${manifest.name} written to ${folder}`,
    `${WEIGHTS_FILE}: ${formatBytes(bytes.length)}, ` +
      `${formatNumberOf(numbers, "number", "numbers")} in ` +
      `${formatNumberOf(learned.length, "tensor", "tensors")}, and what training needs to go on`,
    `${MANIFEST_FILE}: names, shapes and places of the tensors, the model, ${classes}`,
    ...(holdout === null ? [] : [holdoutLine(holdout)]),
    `State root ${weights.stateRoot}${slot}`,
    `Receipts: ${receipts.reveal === null ? "" : `${REVEAL_FILE}, `}${PAID_FILE}`,
  ];
}

/** "iris.csv" of job 2c9f… becomes "iris-2c9f1a2b", without anything a shell would mind. */
function defaultFolder({ name, job }: Weights): string {
  const plain = name.replace(/\.[A-Za-z0-9]{1,5}$/, "").replace(/[^A-Za-z0-9_-]+/g, "-");
  return `${plain.replace(/^-+|-+$/g, "") || "job"}-${job.slice(0, 8)}`;
}

/** The bytes of a file that the daemon holds; throws PROCESSES_WEIGHTS_GONE. */
export function readHeld(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? "unknown";
    throw new CommandFailure({ code: "PROCESSES_WEIGHTS_GONE", facts: { file, reason } });
  }
}

/** How the data was read; null where nothing is kept of it. */
export function readKept(file: string | null): KeptDataSet | null {
  if (file === null) return null;
  try {
    const kept = checkKeptDataSet(JSON.parse(readFileSync(file, "utf8")));
    return kept.ok ? kept.value : null;
  } catch {
    return null;
  }
}

/** Writes files whole; the manifest comes last, so a folder with one is complete. */
function writeAll(folder: string, files: readonly (readonly [string, Uint8Array])[]): void {
  try {
    mkdirSync(folder, { recursive: true });
    for (const [name, bytes] of files) {
      const path = join(folder, name);
      const file = openSync(`${path}.part`, "w");
      try {
        writeFileSync(file, bytes);
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
      renameSync(`${path}.part`, path);
    }
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? "unknown";
    throw new CommandFailure({ code: "PROCESSES_OUTPUT", facts: { folder, reason } });
  }
}
