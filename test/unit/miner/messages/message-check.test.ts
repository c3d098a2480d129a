import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkMessage } from "../../../../src-main/miner/messages/message-check.ts";
import {
  checkVerifierCommand,
  checkVerifierReport,
} from "../../../../src-main/miner/messages/verifier-messages.ts";
import {
  checkWorkerCommand,
  checkWorkerReport,
} from "../../../../src-main/miner/messages/worker-messages.ts";

const CHECKS = [checkWorkerCommand, checkWorkerReport, checkVerifierCommand, checkVerifierReport];

describe("miner/messages/message-check", () => {
  it("answers a value or MINER_MESSAGE to anything, and never throws", () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        for (const check of CHECKS) {
          const read = check(value);
          if (!read.ok) expect(read.rejection.code).toBe("MINER_MESSAGE");
        }
      }),
    );
  });

  it("takes whole messages and names the field that is missing, wrong or too many", () => {
    const digest = new Uint8Array(32);
    const verdict = { kind: "verdict", verdict: "", segment: 0, inners: [digest] };
    const whole = { ...verdict, cpuMs: 1.5, wallMs: 2 };
    expect(checkVerifierReport(whole)).toEqual({ ok: true, value: whole });
    const field = (value: unknown) => {
      const read = checkVerifierReport(value);
      return read.ok ? "" : read.rejection.facts?.["field"];
    };
    expect(field({ ...verdict, cpuMs: 1 })).toBe("wallMs");
    expect(field({ ...whole, cpuMs: Number.NaN })).toBe("cpuMs");
    expect(field({ ...whole, inners: [new Uint8Array(31)] })).toBe("inners");
    expect(field({ ...whole, extra: 1 })).toBe("extra");
    expect(field({ kind: "toString" })).toBe("kind");
  });

  it("does not take a kind from an object's ancestors", () => {
    expect(checkMessage({}, { kind: "constructor" }).ok).toBe(false);
  });
});
