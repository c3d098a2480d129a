import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { LEARNING_CODES } from "../../src-main/contract/codes/learning.ts";
import { LEDGER_CODES } from "../../src-main/contract/codes/ledger.ts";
import { expectNothingPaid, expectPaidOnce } from "./money.ts";
import type { Money } from "./money.ts";
import { RECORD_CHEATS } from "./record-scenarios.ts";
import { VERIFIER_CHEATS } from "./verifier-scenarios.ts";
import { WORKER_CHEATS } from "./worker-scenarios.ts";

const ALL = [...WORKER_CHEATS, ...VERIFIER_CHEATS, ...RECORD_CHEATS];

/** Where one look at both sides cannot say who lied, two cheats end in one code. */
const SHARED = ["LEARNING_BATCH_MISMATCH", "LEDGER_INNER_MISMATCH"];

describe("the list of cheats", () => {
  it("gives every cheat a code of its own, but where nobody can tell them apart", () => {
    const minted = ALL.filter(({ escrow }) => escrow !== true);
    const codes = minted.map(({ code }) => code);
    const repeated = codes.filter((code, at) => codes.indexOf(code) !== at);
    expect(repeated.toSorted((left, right) => (left < right ? -1 : 1))).toEqual(SHARED);
  });

  it("names codes that are listed", () => {
    const listed = new Set([...Object.keys(LEARNING_CODES), ...Object.keys(LEDGER_CODES)]);
    for (const { code, unitCode } of ALL) {
      expect(listed).toContain(code);
      if (unitCode !== undefined) expect(listed).toContain(unitCode);
    }
  });

  it("plays every adversary that is a process", () => {
    const folder = fileURLToPath(new URL("./adversaries/", import.meta.url));
    const paths = readdirSync(folder).map((name) => `${folder}${name}`);
    for (const { worker, verifier } of ALL) {
      if (worker !== undefined) expect(paths).toContain(worker);
      if (verifier !== undefined) expect(paths).toContain(verifier);
    }
  });
});

const none = { owner: 0n, worker: 0n, second: 0n, verifier: 0n, outsider: 0n };
const before: Money = {
  balances: { ...none, owner: 1_000n, worker: 50n, pool: 0n },
  held: none,
  lent: 0n,
  minted: 0n,
  burned: 0n,
};
const fees: Money = {
  ...before,
  balances: { ...before.balances, owner: 990n, worker: 45n },
  burned: 15n,
};

describe("the comparison of money", () => {
  it("takes fees for fees, a loan for a loan, and a held bond where it is due", () => {
    expectNothingPaid(before, fees, 10n, []);
    const balances = { ...fees.balances, owner: fees.balances.owner - 7n };
    expectNothingPaid(before, { ...fees, balances, lent: 7n }, 10n, []);
    expect(() => expectNothingPaid(before, { ...fees, balances }, 10n, [])).toThrow();
    expectNothingPaid(before, { ...fees, held: { ...none, worker: 10n } }, 10n, ["worker"]);
  });

  it("sees pay, minting, a bond held or freed wrongly, and money that is gone", () => {
    const paid = { ...fees, balances: { ...fees.balances, owner: 1_001n }, burned: 4n };
    const toPool = { ...fees, balances: { ...fees.balances, pool: 1n }, burned: 14n };
    const wrong: readonly Money[] = [
      paid,
      toPool,
      { ...fees, minted: 1n },
      { ...fees, burned: 14n },
      { ...fees, held: { ...none, verifier: 10n } },
    ];
    for (const after of wrong) {
      expect(() => expectNothingPaid(before, after, 10n, [])).toThrow();
    }
    expect(() => expectNothingPaid(before, fees, 10n, ["worker"])).toThrow();
    expect(() => expectPaidOnce(before, fees, 10n)).toThrow();
  });
});
