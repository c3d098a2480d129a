/**
 * Decides what is said of a meter that is looked at once: what it says, or why it says nothing and
 * what mends that. A meter that only counts is read twice, a second apart, so that its power shows.
 */

import { setTimeout as wait } from "node:timers/promises";

import { openNvml } from "../../adapters/nvml/index.ts";
import { discoverMeters, openMeter } from "../../adapters/meters/index.ts";
import type { MeterDescription, MeterNeeds } from "../../adapters/meters/index.ts";
import { explainCode } from "../../contract/explain.ts";
import { Fault } from "../../contract/outcome.ts";
import type { Meter, MeterIdentity } from "../../ports/meter.ts";

/** What is told of one meter. */
export interface MeterLook {
  readonly id: string;
  readonly found: "machine" | "settings" | "tried";
  readonly kind: string;
  readonly role: string;
  readonly direction: string | null;
  readonly boundary: string;
  /** Null where it could not be opened, so that it is not known yet. */
  readonly tier: string | null;
  readonly makeModel: string | null;
  readonly watts: number | null;
  readonly millijoules: number | null;
  readonly signed: boolean;
  /** How full a store is, 0 to 1; null where it does not say, or is none. */
  readonly storeShare: number | null;
  readonly error: {
    readonly code: string;
    readonly what: string;
    readonly next: string;
    readonly facts: Readonly<Record<string, string | number | boolean>>;
  } | null;
}

/** Between the two readings of a meter that only counts; counters are told once a second. */
const BETWEEN_MS = 1_100;

/** Looks at a described meter. Never throws for a meter that fails. */
export async function lookAtMeter(
  description: MeterDescription,
  found: MeterLook["found"],
  needs: MeterNeeds,
): Promise<MeterLook> {
  let meter: Meter | null = null;
  try {
    meter = await openMeter(description, needs);
    return await lookAtOpen(meter, found);
  } catch (error) {
    return failedLook({ ...description, tier: null, makeModel: null }, found, error);
  } finally {
    await meter?.close();
  }
}

/** Looks at all meters that the machine has of itself. */
export async function lookAtMachine(needs: MeterNeeds): Promise<readonly MeterLook[]> {
  const discovered = await discoverMeters(needs);
  const own = discovered.map(({ description }) => lookAtMeter(description, "machine", needs));
  return [...(await Promise.all(own)), ...(await lookAtNvidia())];
}

async function lookAtNvidia(): Promise<readonly MeterLook[]> {
  const opening = await openNvml();
  if (opening.state !== "open") return [];
  try {
    const meters = opening.nvml.meters();
    const looks = meters.map((meter) =>
      lookAtOpen(meter, "machine").catch((error: unknown) =>
        failedLook(meter.identity, "machine", error),
      ),
    );
    return await Promise.all(looks);
  } finally {
    opening.nvml.close();
  }
}

async function lookAtOpen(meter: Meter, found: MeterLook["found"]): Promise<MeterLook> {
  const first = await meter.read();
  let { watts } = first;
  let { register } = first;
  if (watts === null && register !== null) {
    await wait(BETWEEN_MS);
    const second = await meter.read();
    const ms = second.atMs - first.atMs;
    const grown = (second.register?.millijoules ?? 0) - register.millijoules;
    // A register in whole watt hours stands still for a second; that is no power of nothing.
    if (ms > 0 && grown > 0) watts = grown / ms;
    register = second.register;
  }
  return {
    ...words(meter.identity, found),
    watts,
    millijoules: register?.millijoules ?? null,
    signed: first.signature?.checked ?? false,
    storeShare: first.store?.share ?? null,
    error: null,
  };
}

/** Who measures, as far as it is known before it has answered. */
type Named = Pick<MeterIdentity, "id" | "role" | "boundary" | "makeModel" | "direction"> & {
  readonly kind: string;
  readonly tier: string | null;
};

function words(identity: Named, found: MeterLook["found"]) {
  const { id, kind, role, boundary, tier, makeModel, direction = null } = identity;
  return { id, found, kind, role, direction, boundary, tier, makeModel };
}

function failedLook(identity: Named, found: MeterLook["found"], error: unknown): MeterLook {
  if (!(error instanceof Fault)) throw error;
  const { code, facts } = error;
  const none = { watts: null, millijoules: null, signed: false, storeShare: null };
  return { ...words(identity, found), ...none, error: { code, ...explainCode(code), facts } };
}
