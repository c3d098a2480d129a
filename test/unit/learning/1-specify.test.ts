import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decode, encode } from "../../../src-main/codec/index.ts";
import { sha256 } from "../../../src-main/crypto/index.ts";
import {
  brokenSpecificationRule,
  finalSpecification,
  jobSpecificationCodec,
  segmentCount,
  specificationHash,
  templateHash,
  unitPrice,
} from "../../../src-main/learning/index.ts";
import type { JobSpecification } from "../../../src-main/learning/index.ts";
import { specification } from "./specification.ts";

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

describe("learning/1-specify", () => {
  it("gives the same specification back from its bytes", () => {
    const spec = specification();
    expect(decode(jobSpecificationCodec, encode(jobSpecificationCodec, spec))).toEqual({
      ok: true,
      value: spec,
    });
  });

  it("changes its hash with every field", () => {
    const spec = specification();
    const hashes = new Set([hex(specificationHash(sha256, spec))]);
    const changed: Partial<JobSpecification>[] = [
      { seedRule: 0 },
      { seed: new Uint8Array(32).fill(9) },
      { model: "{}" },
      { programHash: new Uint8Array(32).fill(9) },
      { profile: new Uint8Array(32).fill(9) },
      { datasetRoot: new Uint8Array(32).fill(9) },
      { trainCount: 801 },
      { holdoutFirst: 901 },
      { holdoutCount: 99 },
      { batchSize: 33 },
      { steps: 601 },
      { segmentLength: 11 },
      { sampledSegments: 6 },
      { fullReplayPermille: 51 },
      { startRoot: new Uint8Array(32).fill(9) },
      { sealWindowMs: 1 },
      { verdictWindowMs: 1 },
      { unitPriceBase: 1n },
      { unitBondBase: 1n },
      { version: 2, energyTier: 3 },
      { version: 2, energyTier: 4 },
    ];
    for (const part of changed) hashes.add(hex(specificationHash(sha256, { ...spec, ...part })));
    expect(hashes.size).toBe(1 + changed.length);
  });

  it.each<[string, Partial<JobSpecification>]>([
    ["version", { version: 2 }],
    ["version", { energyTier: 1 }],
    ["energyTier", { version: 2, energyTier: 6 }],
    ["seedRule", { seedRule: 2 }],
    ["model", { model: "" }],
    ["batchSize", { batchSize: 0 }],
    ["steps", { steps: 0 }],
    ["segmentLength", { segmentLength: 0 }],
    ["segmentLength", { segmentLength: 601 }],
    ["1023", { steps: 10_240 }],
    ["sampledSegments", { sampledSegments: 61 }],
    ["sampledSegments", { sampledSegments: 0 }],
    ["fullReplayPermille", { fullReplayPermille: 1001 }],
    ["training samples", { trainCount: 31 }],
    ["overlap", { holdoutFirst: 100 }],
    ["sealWindowMs", { sealWindowMs: 0 }],
    ["verdictWindowMs", { verdictWindowMs: 2_592_000_001 }],
    ["visibility", { visibility: 1 }],
  ])("refuses a specification whose %s is out of its rule", (word, part) => {
    const broken = { ...specification(), ...part };
    expect(brokenSpecificationRule(broken)).toContain(word);
    expect(() => encode(jobSpecificationCodec, broken)).toThrow();
  });

  it("refuses broken rules in bytes as well", () => {
    const bytes = encode(jobSpecificationCodec, specification());
    bytes[0] = 3;
    expect(decode(jobSpecificationCodec, bytes)).toMatchObject({
      ok: false,
      rejection: { code: "CODEC_VALUE" },
    });
  });

  it("has one template for all seeds and another for every other field but the demand", () => {
    const spec = specification();
    const other = { ...spec, seed: new Uint8Array(32).fill(1) };
    expect(templateHash(sha256, other)).toEqual(templateHash(sha256, spec));
    const cheaper = { ...spec, unitPriceBase: 1n };
    expect(templateHash(sha256, cheaper)).not.toEqual(templateHash(sha256, spec));
    const demanding = { ...spec, version: 2, energyTier: 3 };
    expect(templateHash(sha256, demanding)).toEqual(templateHash(sha256, spec));
  });

  it("keeps the bytes of a job that demands nothing, and adds one byte for a demand", () => {
    const plain = encode(jobSpecificationCodec, specification());
    const demanding = { ...specification(), version: 2, energyTier: 3 };
    const bytes = encode(jobSpecificationCodec, demanding);
    expect(bytes.subarray(4)).toEqual(Uint8Array.of(...plain.subarray(4), 3));
    expect(decode(jobSpecificationCodec, bytes)).toEqual({ ok: true, value: demanding });
  });

  it("completes an owner's seed with the beacon and leaves a final one alone", () => {
    const spec = specification();
    const beacon = new Uint8Array(32).fill(3);
    const final = finalSpecification(sha256, spec, beacon);
    expect(final.seedRule).toBe(0);
    expect(final.seed).not.toEqual(spec.seed);
    expect(finalSpecification(sha256, final, new Uint8Array(32))).toEqual(final);
    const otherBeacon = new Uint8Array(32).fill(4);
    expect(finalSpecification(sha256, spec, otherBeacon).seed).not.toEqual(final.seed);
  });

  it("counts segments so that every step is in one", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 1, max: 700 }), (s, l) => {
        const count = segmentCount({ steps: s, segmentLength: l });
        expect(count * l).toBeGreaterThanOrEqual(s);
        expect((count - 1) * l).toBeLessThan(s);
      }),
    );
  });

  it("prices a unit by its work alone", () => {
    expect(unitPrice(10_000_000n, 2_000)).toBe(10n ** 18n);
    expect(unitPrice(10_000_000n, 4_000)).toBe(2n * 10n ** 18n);
  });

  it("never prices work higher that is split over several units", () => {
    const macs = fc.bigInt({ min: 1n, max: 1n << 60n });
    const steps = fc.integer({ min: 1, max: 1_000_000_000 });
    fc.assert(
      fc.property(macs, fc.array(steps, { minLength: 2, maxLength: 8 }), (cost, parts) => {
        const whole = unitPrice(
          cost,
          parts.reduce((sum, part) => sum + part, 0),
        );
        const split = parts.reduce((sum, part) => sum + unitPrice(cost, part), 0n);
        expect(split <= whole && whole - split < BigInt(parts.length)).toBe(true);
      }),
    );
  });
});
