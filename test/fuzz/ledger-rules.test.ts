import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { executeCommit } from "../../src-main/ledger/index.ts";
import type { Payload } from "../../src-main/ledger/index.ts";
import { anyPayload } from "../worlds/any-record.ts";
import { codeOf, PracticeWorld } from "../worlds/practice-world.ts";
import type { Who } from "../worlds/practice-world.ts";
import { STEPS, UnitLife } from "../worlds/unit-life.ts";

/** Payloads about a unit that any bytes of the right form may fill. */
const TAKEN: readonly string[] = ["unit-seal", "unit-energy"];

const anySender = fc.constantFrom<Who>("owner", "worker", "verifier");

describe("ledger rules", () => {
  it.each(STEPS)("any signed payload before %s ends in an outcome, never in a throw", (step) => {
    const world = new PracticeWorld();
    const life = new UnitLife(world).until(step);
    const before = life.unitRow;
    const hits = new Set<string>();
    fc.assert(
      fc.property(anyPayload, anySender, fc.boolean(), (any, who, known) => {
        const payload = known && "unit" in any ? { ...any, unit: life.unit } : any;
        const executed = world.execute([world.record(who, payload as Payload)]);
        expect(codeOf(executed)).toBe("");
        if (!executed.ok) return;
        const { code } = executed.value.outcomes[1];
        expect(code).toMatch(/^((LEDGER|LEARNING)_[A-Z_]+)?$/);
        hits.add(code);
        // Random bytes open nothing: a seal says nothing yet, and a statement of energy is the
        // worker's word, so both are taken; neither moves the unit by itself.
        const binds = "unit" in payload && !TAKEN.includes(payload.kind);
        const moved = code === "" && (binds || payload.kind === "job-create");
        expect(moved).toBe(false);
      }),
      { numRuns: 120 },
    );
    expect(hits.size).toBeGreaterThan(3);
    expect(life.unitRow).toEqual(before);
  });

  it("a commit of any bytes is refused, never thrown at", () => {
    const world = new PracticeWorld();
    const { genesis, head, readPage, needs } = world;
    const sound = world.commitStored(0);
    const flips = fc.array(fc.tuple(fc.nat(sound.length - 1), fc.integer({ min: 1, max: 255 })), {
      minLength: 1,
      maxLength: 3,
    });
    fc.assert(
      fc.property(flips, fc.array(fc.uint8Array(), { maxLength: 2 }), (faults, records) => {
        const bytes = sound.slice();
        for (const [at, flip] of faults) bytes[at] ^= flip;
        const same = bytes.every((byte, at) => byte === sound[at]);
        const parent = { genesis, head, readPage };
        const executed = executeCommit(parent, bytes, records, needs);
        expect(executed.ok).toBe(same && records.length === 0);
      }),
      { numRuns: 300 },
    );
  });
});
