import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  ACCOUNTS,
  FEES,
  inclusionFee,
  isReserved,
  MULTIPLIER_ONE,
  pricesAt,
  quoteFee,
  SINGLE,
  stateFee,
} from "../../../../src-main/ledger/index.ts";
import type { Payload } from "../../../../src-main/ledger/index.ts";
import { nextMultiplier } from "../../../../src-main/ledger/state/fees.ts";
import { anyPayload } from "../../../worlds/any-record.ts";
import { PracticeWorld, transfer } from "../../../worlds/practice-world.ts";

const { constants } = new PracticeWorld().genesis;
const TARGET = 1_000n;

describe("ledger/state/fees", () => {
  it("moves the multiplier towards the load by a 128th at most, never below 1.0", () => {
    const twice = 2n * MULTIPLIER_ONE;
    expect(nextMultiplier(MULTIPLIER_ONE, 0n, TARGET)).toBe(MULTIPLIER_ONE);
    expect(nextMultiplier(twice, TARGET, TARGET)).toBe(twice);
    expect(nextMultiplier(twice, 2n * TARGET, TARGET)).toBe(twice + twice / 128n);
    expect(nextMultiplier(twice, 99n * TARGET, TARGET)).toBe(twice + twice / 128n);
    expect(nextMultiplier(twice, 0n, TARGET)).toBe(twice - twice / 128n);
    // Floor, also downwards: 2^33 / 128,000 is no whole number.
    expect(nextMultiplier(twice, TARGET - 1n, TARGET)).toBe(twice - twice / 128_000n - 1n);
  });

  it("follows any load within its bounds", () => {
    const used = fc.array(fc.bigInt({ min: 0n, max: 10n * TARGET }), { maxLength: 60 });
    fc.assert(
      fc.property(used, (loads) => {
        let multiplier = MULTIPLIER_ONE;
        for (const load of loads) {
          const next = nextMultiplier(multiplier, load, TARGET);
          expect(next >= MULTIPLIER_ONE).toBe(true);
          expect(next - multiplier <= multiplier / 128n).toBe(true);
          expect(multiplier - next <= multiplier / 128n + 1n).toBe(true);
          if (load > TARGET) expect(next > multiplier).toBe(true);
          if (load < TARGET) expect(next <= multiplier).toBe(true);
          multiplier = next;
        }
      }),
    );
  });

  it("raises the price after full commits, and keeps nothing when it is quiet again", () => {
    const world = new PracticeWorld({
      change: (genesis) => ({
        ...genesis,
        constants: { ...genesis.constants, commitTargetBytes: 10n },
      }),
    });
    const payload = transfer(world.address.worker, 1n);
    const first = world.record("owner", payload);
    const plain = world.commit([first]).outcomes[1].feeBase;
    const multiplier = MULTIPLIER_ONE + MULTIPLIER_ONE / 128n;
    expect(world.row(FEES, SINGLE)).toEqual({ multiplier });
    const second = world.record("owner", payload);
    const risen = world.commit([second]).outcomes[1].feeBase;
    expect(risen).toBe(inclusionFee(pricesAt(constants, multiplier), second.length, payload));
    expect(risen > plain).toBe(true);
    for (let commit = 0; commit < 4; commit += 1) world.commit();
    expect(world.row(FEES, SINGLE)).toBeUndefined();
  });

  it("keeps the plain price for reveals, verdicts and evidence, whatever the load", () => {
    const dear = pricesAt(constants, 9n * MULTIPLIER_ONE);
    const plain = pricesAt(constants);
    fc.assert(
      fc.property(anyPayload, fc.nat(5_000), (payload, bytes) => {
        const times = isReserved(payload.kind) ? 1n : 9n;
        const base = inclusionFee(plain, bytes, payload);
        expect(inclusionFee(dear, bytes, payload)).toBe(times * base);
        const growth = stateFee(plain, bytes, payload.kind);
        expect(stateFee(dear, bytes, payload.kind)).toBe(times * growth);
      }),
    );
    const kinds: Payload["kind"][] = ["unit-reveal", "verdict-commit", "inner-open"];
    for (const kind of [...kinds, "verdict-open", "evidence"] as const) {
      expect(isReserved(kind)).toBe(true);
    }
    expect(isReserved("unit-seal")).toBe(false);
  });

  it("charges an embedding by its bytes", () => {
    const publish = (embedding: number): Payload => ({
      kind: "publish",
      what: "model",
      name: "m",
      content: new Uint8Array(32),
      about: "",
      tags: [],
      collection: "c",
      embedding: new Uint8Array(embedding),
    });
    const prices = pricesAt(constants);
    const more = inclusionFee(prices, 300, publish(64)) - inclusionFee(prices, 300, publish(0));
    expect(more).toBe(64n * constants.feePerEmbeddingByteBase);
  });

  it("undoes a record whose growth costs more than its maximum, and takes that maximum", () => {
    const world = new PracticeWorld();
    const payload = transfer(new Uint8Array(20).fill(8), 5n);
    const { length } = world.record("owner", payload);
    const prices = pricesAt(constants);
    const quote = quoteFee(prices, length, payload);
    const maxFee = quote.feeBase + quote.stateFeeBase - 1n;
    const short = world.record("owner", payload, { maxFee });
    const [, outcome] = world.commit([short]).outcomes;
    expect(outcome).toEqual({ code: "LEDGER_FEE_STATE", feeBase: maxFee, effects: [] });
    expect(world.row(ACCOUNTS, payload.to)).toBeUndefined();
    const exact = world.record("owner", payload, { maxFee: maxFee + 1n });
    expect(world.commit([exact]).outcomes[1]).toEqual({
      code: "",
      feeBase: maxFee + 1n,
      effects: [],
    });
    expect(quote.maxFeeBase).toBe(2n * (maxFee + 1n));
  });
});
