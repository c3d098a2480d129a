/** Decides what a unit's row holds before anything happened, and how large it can become. */

import { encode } from "../../codec/index.ts";
import { segmentCount } from "../../learning/index.ts";
import type { JobSpecification } from "../../learning/index.ts";
import { CODE_BYTES_MAX } from "../limits.ts";
import { jobRowCodec, unitRowCodec } from "./rows.ts";
import type { JobRow, UnitRow } from "./rows.ts";

const NO_DIGEST = new Uint8Array(32);
const NO_ADDRESS = new Uint8Array(20);

/** A unit nobody was drawn for. */
export const NEW_UNIT: UnitRow = {
  job: NO_DIGEST,
  round: 0,
  shard: 0,
  phase: "assigned",
  worker: NO_ADDRESS,
  verifier: NO_ADDRESS,
  priceBase: 0n,
  bondBase: 0n,
  assignedTime: 0n,
  deadline: 0n,
  seal: NO_DIGEST,
  sealedNumber: 0n,
  startRoot: NO_DIGEST,
  endRoot: NO_DIGEST,
  chainHead: NO_DIGEST,
  innerListRoot: NO_DIGEST,
  listDigest: NO_DIGEST,
  segmentCount: 0,
  challengeView: 0n,
  beacon: NO_DIGEST,
  commitment: NO_DIGEST,
  fullReplay: false,
  drawn: [],
  openedInners: NO_DIGEST,
  code: "",
  disputedSegment: 0,
};

const NEW_UNIT_BYTES = encode(unitRowCodec, NEW_UNIT).length;

/** Bytes that a job's deposit is for: its row, and its unit's with every segment drawn. */
export function jobDepositBytes(job: JobRow, specification: JobSpecification): number {
  const unitBytes = NEW_UNIT_BYTES + 4 * segmentCount(specification) + CODE_BYTES_MAX;
  return encode(jobRowCodec, job).length + unitBytes;
}
