import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sha256 } from "../../../../src-main/crypto/index.ts";
import {
  ACCOUNTS,
  StateOverlay,
  stateViewOver,
  TOTALS,
} from "../../../../src-main/ledger/index.ts";
import type { Payload } from "../../../../src-main/ledger/index.ts";
import {
  checkSupply,
  countMinted,
  credit,
  debit,
  totalsOf,
} from "../../../../src-main/ledger/state/money.ts";
import { templateHash } from "../../../../src-main/learning/index.ts";
import { countedMoney } from "../../../worlds/counted-money.ts";
import { jobCreate, PracticeWorld, transfer } from "../../../worlds/practice-world.ts";
import type { Who } from "../../../worlds/practice-world.ts";
import { smallSpecification, STEPS, UnitLife } from "../../../worlds/unit-life.ts";

const PRICE = 10n ** 18n;
const specification = smallSpecification();
const PEOPLE: readonly Who[] = ["owner", "worker", "verifier", "stranger"];

const sponsored = () =>
  new PracticeWorld({
    listings: [
      {
        name: "digits",
        templateHash: templateHash(sha256, specification),
        unitPriceBase: PRICE,
        mintCapBase: 20n * PRICE,
      },
    ],
  });

/** Something a random walk may do: a transfer, a job, or a message of some unit at some time. */
const anyAct = fc.record({
  act: fc.nat(9),
  who: fc.nat(3),
  to: fc.nat(3),
  amount: fc.bigInt({ min: 0n, max: 700n * PRICE }),
  pause: fc.constantFrom(50n, 50n, 50n, 50n, 400_000n),
});

describe("ledger/state/money", () => {
  it("keeps supply = genesis + minted − burned over random records, counted row by row", () => {
    let records = 0;
    const codes = new Set<string>();
    fc.assert(
      fc.property(fc.array(anyAct, { minLength: 40, maxLength: 60 }), (acts) => {
        const world = sponsored();
        const lives: UnitLife[] = [];
        for (const { act, who, to, amount, pause } of acts) {
          const life = lives[Number(amount % BigInt(Math.max(1, lives.length)))];
          const sender = PEOPLE[who];
          let payload: Payload = transfer(world.address[PEOPLE[to]], amount);
          if (act === 0) {
            payload = jobCreate(specification, to === 0 ? 0 : 1, to === 0 ? amount : 0n);
          }
          if (act === 1 && lives.length < 6) {
            try {
              lives.push(new UnitLife(world, { specification, listing: to % 2 }));
            } catch {
              continue;
            }
          }
          if (act > 3 && life?.unitRow !== undefined) {
            try {
              life.take(STEPS[(act + to) % STEPS.length]);
            } catch {
              codes.add("refused step");
            }
          }
          const time = world.head.time + pause;
          const acted = world.record(sender, payload);
          const paid = PEOPLE.slice(0, 3).map((other) => {
            const nonce = world.nextNonce(world.address[other]) + (other === sender ? 1n : 0n);
            return world.record(other, transfer(world.address.stranger, amount / 90n), { nonce });
          });
          const executed = world.execute([acted, ...paid], { time });
          if (!executed.ok) continue;
          for (const { code } of world.keep(executed.value).outcomes) codes.add(code);
          records += 4;
        }
        const supply = world.row(TOTALS, Uint8Array.of(0));
        const expected = supply && supply.genesisBase + supply.mintedBase - supply.burnedBase;
        expect(countedMoney(world)).toBe(expected);
        expect(supply?.circulatingBase).toBe(expected);
      }),
      { numRuns: 10 },
    );
    expect(records).toBeGreaterThanOrEqual(1_000);
    expect(codes.size).toBeGreaterThanOrEqual(3);
  });

  it("stops at VIV from nowhere, VIV that vanished and minting that nobody received", () => {
    const world = new PracticeWorld();
    const before = world.row(TOTALS, Uint8Array.of(0))?.circulatingBase ?? 0n;
    const { owner } = world.address;
    const faults: ((overlay: StateOverlay) => void)[] = [
      (overlay) => credit(overlay, owner, 1n),
      (overlay) => debit(overlay, owner, 1n),
      (overlay) => countMinted(overlay, 1n),
      (overlay) => overlay.write(ACCOUNTS, owner, undefined),
    ];
    for (const fault of faults) {
      const overlay = new StateOverlay(stateViewOver(world.readPage), sha256);
      expect(() => checkSupply(overlay, before, 0n)).not.toThrow();
      fault(overlay);
      expect(() => checkSupply(overlay, before, 0n)).toThrow("supply");
    }
  });

  it("never takes more than there is", () => {
    const world = new PracticeWorld();
    const overlay = new StateOverlay(stateViewOver(world.readPage), sha256);
    expect(() => debit(overlay, world.address.stranger, 1n)).toThrow("covered");
    expect(() => credit(overlay, world.address.stranger, -1n)).toThrow("not negative");
    expect(totalsOf(overlay).mintedBase).toBe(0n);
  });
});
