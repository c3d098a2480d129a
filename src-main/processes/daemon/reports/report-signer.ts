/**
 * Decides how a chain of reports survives another worker's key: `energy/reports/signer.json` keeps
 * the derived key that signed the newest report, good for nothing but reports, so that it can hand
 * over to the next one. Where it is not there nobody can show that the chain goes on: it is put
 * aside whole, and another one begins.
 */

import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { join } from "node:path";

import { bytesToHex, hexToBytes } from "../../../contract/bytes.ts";
import { keyStatementSchema, REPORT_FORMER_MAX } from "../../../contract/energy-report.ts";
import type { KeyStatement } from "../../../contract/energy-report.ts";
import { minerSignature, signChange } from "../../../energy/report/index.ts";
import type { ReportPlan } from "../../../energy/report/index.ts";
import { folderFault } from "../../config/data-folder.ts";
import type { ReportChain } from "./report-chain.ts";

/** A key that signs reports, and whose it is. */
export interface ReportSigner {
  readonly statement: KeyStatement;
  readonly secret: Uint8Array;
}

/** What the next report follows. */
export type NextReport = Pick<ReportPlan, "seq" | "prev" | "former">;

const FILE = "signer.json";
const SECRET = /^[0-9a-f]{64}$/;

/**
 * What the next report of a signer follows; the key before hands over where it must.
 * @param onPutAside  told where the chain of another key is now
 * Throws Fault ENERGY_REPORT_DAMAGED, PROCESSES_HOME.
 */
export function nextOf(
  chain: ReportChain,
  signer: ReportSigner,
  onPutAside: (folder: string) => void,
): NextReport {
  const { seq, prev } = chain.next();
  const last = seq === 0 ? undefined : chain.read(seq - 1)?.report;
  if (last === undefined || prev === null) return { seq: 0, prev: null, former: [] };
  const { former = [] } = last;
  const before = minerSignature(last);
  const { statement } = signer;
  if (before === statement.kid) return { seq, prev, former };
  const kept = readSigner(chain.folder);
  if (kept === null || kept.statement.kid !== before) {
    onPutAside(chain.putAside(before ?? "unknown"));
    return { seq: 0, prev: null, former: [] };
  }
  const change = { from: kept.statement, to: statement, seq, prev: `sha256:${prev}` };
  const handed = signChange({ secret: kept.secret, kid: kept.statement.kid }, change);
  return { seq, prev, former: [...former, handed].slice(-REPORT_FORMER_MAX) };
}

/**
 * Keeps the key that signed the newest report. Throws Fault PROCESSES_HOME or PROCESSES_DISK_FULL.
 */
export function keepSigner(chain: ReportChain, { statement, secret }: ReportSigner): void {
  if (readSigner(chain.folder)?.statement.kid === statement.kid) return;
  const path = join(chain.folder, FILE);
  try {
    const file = openSync(`${path}.new`, "w", 0o600);
    try {
      writeSync(file, JSON.stringify({ statement, secret: bytesToHex(secret) }));
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(`${path}.new`, path);
  } catch (error) {
    throw folderFault(path, error);
  }
}

/** null where there is none that reads. */
function readSigner(folder: string): ReportSigner | null {
  try {
    const read = JSON.parse(readFileSync(join(folder, FILE), "utf8")) as Record<string, unknown>;
    const statement = keyStatementSchema.safeParse(read["statement"]);
    const { secret } = read;
    if (!statement.success || typeof secret !== "string" || !SECRET.test(secret)) return null;
    return { statement: statement.data, secret: hexToBytes(secret) };
  } catch {
    return null;
  }
}
