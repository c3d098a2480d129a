/** What a stopped ledger tells of its jobs: their specifications, hashes and payments. */

import { openDiskLedger } from "../../../src-main/adapters/disk/index.ts";
import { nativeSha256 } from "../../../src-main/adapters/native-crypto/index.ts";
import { decode } from "../../../src-main/codec/index.ts";
import { bytesEqual, bytesToHex } from "../../../src-main/contract/bytes.ts";
import { decodeStored, recordOutcomeCodec } from "../../../src-main/ledger/index.ts";
import { jobSpecificationCodec, specificationHash } from "../../../src-main/learning/index.ts";
import type { JobSpecification } from "../../../src-main/learning/index.ts";
import type { LedgerStore } from "../../../src-main/ports/ledger-store.ts";
import type { DataFolder } from "../../../src-main/processes/config/data-folder.ts";
import { lockFile } from "../../../src-main/processes/daemon/open-ledger.ts";

/** A unit as the ledger tells it. */
export interface ToldUnit {
  readonly job: Uint8Array;
  readonly unit: Uint8Array;
  /** With its final seed. */
  readonly spec: JobSpecification;
  /** In hex, from the reveal. */
  readonly hashes: string;
  /** Shares paid, such as "worker". */
  readonly paid: readonly string[];
}

interface Found {
  readonly specs: JobSpecification[];
  readonly jobs: Map<string, { readonly seed: Uint8Array; readonly hash: Uint8Array }>;
  readonly units: Map<string, { readonly unit: Uint8Array; readonly job: Uint8Array }>;
  readonly hashes: Map<string, string>;
  readonly paid: Map<string, string[]>;
}

/** The units of a ledger that no daemon has open. */
export async function toldUnits(folder: DataFolder): Promise<ToldUnit[]> {
  const store = await openDiskLedger({ folder: folder.ledger, lockFile: lockFile(folder) });
  const found: Found = {
    specs: [],
    jobs: new Map(),
    units: new Map(),
    hashes: new Map(),
    paid: new Map(),
  };
  try {
    for (let slot = 0; slot < store.size(); slot += 1) readSlot(store, slot, found);
  } finally {
    await store.close();
  }
  return [...found.units].map(([name, { unit, job }]) => {
    const started = found.jobs.get(bytesToHex(job));
    const finals = found.specs.map((spec) => {
      return { ...spec, seedRule: 0 as const, seed: started?.seed ?? spec.seed };
    });
    const spec = finals.find((each) =>
      bytesEqual(specificationHash(nativeSha256, each), started?.hash ?? new Uint8Array(0)),
    );
    if (spec === undefined) throw new Error(`unit ${name} has no specification`);
    const hashes = found.hashes.get(name) ?? "";
    return { job, unit, spec, hashes, paid: found.paid.get(name) ?? [] };
  });
}

function readSlot(store: LedgerStore, slot: number, found: Found): void {
  const stored = decodeStored(store.record(slot));
  const payload = stored.ok ? stored.value.record.payload : undefined;
  if (payload?.kind === "job-create") {
    const spec = decode(jobSpecificationCodec, payload.specification);
    if (spec.ok) found.specs.push(spec.value);
  } else if (payload?.kind === "unit-reveal") {
    found.hashes.set(bytesToHex(payload.unit), hashesText(payload));
  }
  const outcome = decode(recordOutcomeCodec, store.outcome(slot));
  if (!outcome.ok) throw new Error(`the outcome of slot ${slot} is malformed`);
  for (const effect of outcome.value.effects) {
    if (effect.kind === "job-started") {
      const { seed, specificationHash: hash } = effect;
      found.jobs.set(bytesToHex(effect.job), { seed, hash });
    } else if (effect.kind === "assigned") {
      found.units.set(bytesToHex(effect.unit), { unit: effect.unit, job: effect.job });
    } else if (effect.kind === "paid") {
      const name = bytesToHex(effect.unit);
      found.paid.set(name, [...(found.paid.get(name) ?? []), effect.share]);
    }
  }
}

/** The hashes that must be equal however often a unit was interrupted. */
export function hashesText(work: {
  readonly startRoot: Uint8Array;
  readonly endRoot: Uint8Array;
  readonly chainHead: Uint8Array;
}): string {
  return [work.startRoot, work.endRoot, work.chainHead].map(bytesToHex).join(" ");
}
