import { describe, expect, it } from "vitest";

import {
  readAnswer,
  readQuestion,
} from "../../../../src-main/adapters/float-engine/float-messages.ts";

const bytes = new Uint8Array(2);
const values = new Float32Array(2);

describe("adapters/float-engine/float-messages", () => {
  it("reads every question that is whole", () => {
    const questions = [
      { ask: "open", session: 1, program: bytes, keepValues: false },
      { ask: "upload", session: 1, state: 0, values },
      { ask: "run", session: 1, step: 1, batch: bytes },
      { ask: "download", session: 1, index: 0 },
      { ask: "output", session: 1, index: 0 },
      { ask: "value", session: 1, index: 0 },
      { ask: "close", session: 1 },
    ];
    for (const question of questions) {
      expect(readQuestion({ number: 3, question })).toEqual({ number: 3, question });
    }
  });

  it("reads no question where a part is missing or of another kind", () => {
    const broken: readonly unknown[] = [
      null,
      "open",
      { question: { ask: "close", session: 1 } },
      { number: 1 },
      { number: 1, question: { ask: "toString", session: 1 } },
      { number: 1, question: { ask: "close", session: "1" } },
      { number: 1, question: { ask: "open", session: 1, program: [1, 2] } },
      { number: 1, question: { ask: "upload", session: 1, state: 0, values: bytes } },
      { number: 1, question: { ask: "upload", session: 1, values } },
      { number: 1, question: { ask: "run", session: 1, step: 1.5, batch: bytes } },
      { number: 1, question: { ask: "value", session: 1 } },
    ];
    for (const message of broken) expect(readQuestion(message)).toBeUndefined();
  });

  it("reads answers and refusals, and nothing that is neither", () => {
    const fault = { code: "FLOAT_ENGINE_VALUE", message: "not kept", facts: { op: 1 } };
    for (const value of [null, "tfjs", values]) {
      expect(readAnswer({ number: 1, ok: true, value })).toMatchObject({ value });
    }
    expect(readAnswer({ number: 1, ok: false, fault })).toMatchObject({ fault });
    const broken: readonly unknown[] = [
      undefined,
      { number: 1, ok: true, value: 3 },
      { number: 1, ok: false },
      { number: 1, ok: false, fault: { code: "X", message: "m" } },
      { number: 1, ok: "yes", value: null },
      { number: "1", ok: true, value: null },
    ];
    for (const message of broken) expect(readAnswer(message)).toBeUndefined();
  });
});
