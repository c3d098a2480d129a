import { describe, expect, it } from "vitest";
import type { Payload } from "../../../../src-main/ledger/index.ts";
import { PracticeWorld } from "../../../worlds/practice-world.ts";
import type { Who } from "../../../worlds/practice-world.ts";
import { STEPS, UnitLife } from "../../../worlds/unit-life.ts";
import type { Step } from "../../../worlds/unit-life.ts";

/** What a message is refused with when its unit has it already. */
const AGAIN: Readonly<Partial<Record<Step, string>>> = {
  seal: "LEDGER_SEAL_TWICE",
  commit: "LEDGER_VERDICT_TWICE",
};

/** Each message with the step it is taken in and who sends it. */
const MESSAGES: readonly (readonly [Step, Who, (life: UnitLife) => Payload])[] = [
  ["seal", "worker", (life) => life.seal()],
  ["reveal", "worker", (life) => life.reveal()],
  ["commit", "verifier", (life) => life.verdictCommit()],
  ["open", "worker", (life) => life.innerOpen()],
  ["verdict", "verifier", (life) => life.verdictOpen()],
];

const after = (step: Step): Step | undefined => STEPS[STEPS.indexOf(step) + 1];

describe("ledger/state/unit-message", () => {
  it.each(MESSAGES)("takes %s from the %s only", (step, who, payload) => {
    const world = new PracticeWorld();
    const life = new UnitLife(world).until(step);
    const before = life.unitRow;
    const others: Who[] = ["owner", who === "worker" ? "verifier" : "worker"];
    for (const other of others) {
      const code = world.codeOf(world.record(other, payload(life)));
      expect(code).toBe("LEDGER_UNIT_SENDER");
    }
    expect(life.unitRow).toEqual(before);
  });

  it.each(MESSAGES)("takes %s once", (step, who, payload) => {
    const world = new PracticeWorld();
    const life = new UnitLife(world).until(step);
    const message = payload(life);
    life.take(step);
    expect(world.codeOf(world.record(who, message))).toBe(AGAIN[step] ?? "LEDGER_UNIT_PHASE");
  });

  it.each(MESSAGES)("takes %s in the last millisecond, and not after", (step, who, payload) => {
    const world = new PracticeWorld();
    const life = new UnitLife(world).until(step);
    const { deadline } = life.unitRow;
    const message = payload(life);
    const stored = world.record(who, message);
    const inTime = world.execute([stored], { time: deadline });
    expect(inTime).toMatchObject({ ok: true, value: { outcomes: [{}, { code: "" }] } });
    expect(world.codeOf(stored, { time: deadline + 1n })).toBe("LEDGER_UNIT_LATE");
    expect(life.unitRow.phase).toBe("void");
    expect(world.codeOf(world.record(who, message))).toBe("LEDGER_UNIT_LATE");
  });

  it.each(MESSAGES)("refuses %s before and after its phase", (step, who, payload) => {
    const world = new PracticeWorld();
    const ready = new UnitLife(new PracticeWorld()).until(step);
    const message = payload(ready);
    const life = new UnitLife(world);
    for (const other of STEPS) {
      if (other !== step && life.unitRow.phase !== ready.unitRow.phase) {
        const code = world.codeOf(world.record(who, { ...message, unit: life.unit } as Payload));
        const passed = STEPS.indexOf(other) > STEPS.indexOf(step);
        expect(code).toBe((passed ? AGAIN[step] : undefined) ?? "LEDGER_UNIT_PHASE");
      }
      life.take(other);
    }
    expect(after("verdict")).toBeUndefined();
  });

  it.each(MESSAGES)("refuses %s for a unit nobody knows", (step, who, payload) => {
    const world = new PracticeWorld();
    const life = new UnitLife(world).until(step);
    const unit = new Uint8Array(32).fill(1);
    const code = world.codeOf(world.record(who, { ...payload(life), unit } as Payload));
    expect(code).toBe("LEDGER_UNIT_UNKNOWN");
  });
});
