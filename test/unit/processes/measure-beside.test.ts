import { describe, expect, it } from "vitest";
import {
  createNativeBackend,
  nativeBackends,
} from "../../../src-main/adapters/native-engine/index.ts";
import type { EngineBackend } from "../../../src-main/ports/engine-backend.ts";
import { knownOrMeasured } from "../../../src-main/processes/measure-beside.ts";

const side = { stepsPerSecond: 9, joulesPerStep: 0.5, tier: "B", unmetered: null } as const;
const known = { speedup: 3, metered: true, device: side, processor: side };
const wish = { name: "H100", threads: 1, metered: true };

/** A device that says whether it was asked to work. */
function watched(): EngineBackend & { opened: number } {
  const inner = createNativeBackend({ threads: 1 });
  const backend = {
    name: inner.name,
    variant: inner.variant,
    opened: 0,
    open: (programBytes: Uint8Array) => {
      backend.opened += 1;
      return inner.open(programBytes);
    },
  };
  return backend;
}

describe.skipIf(!nativeBackends().available)("knownOrMeasured", () => {
  it("measures nothing that is remembered, also where less is asked for", async () => {
    const backend = watched();
    expect(await knownOrMeasured(known, backend, wish)).toBe(known);
    expect(await knownOrMeasured(known, backend, { ...wish, metered: false })).toBe(known);
    const quick = { ...known, metered: false };
    expect(await knownOrMeasured(quick, backend, { ...wish, metered: false })).toBe(quick);
    expect(backend.opened).toBe(0);
  });

  it("measures anew where energy is asked for and only speed is remembered", async () => {
    const backend = watched();
    const quick = { ...known, speedup: 1_000_000, metered: false };
    const measured = await knownOrMeasured(quick, backend, wish);
    expect(measured.metered).toBe(true);
    // The same engine on both sides.
    expect(measured.speedup).toBeLessThan(1_000_000);
    expect(backend.opened).toBe(2);
  }, 60_000);
});
