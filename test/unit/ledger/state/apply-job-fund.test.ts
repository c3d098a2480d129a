import { describe, expect, it } from "vitest";
import { ACCOUNTS, JOBS } from "../../../../src-main/ledger/index.ts";
import type { PayloadOf } from "../../../../src-main/ledger/index.ts";
import { templateHash } from "../../../../src-main/learning/index.ts";
import { sha256 } from "../../../../src-main/crypto/index.ts";
import { countedMoney } from "../../../worlds/counted-money.ts";
import { PracticeWorld } from "../../../worlds/practice-world.ts";
import { smallSpecification, UnitLife } from "../../../worlds/unit-life.ts";

const fund = (job: Uint8Array, amountBase: bigint): PayloadOf<"job-fund"> => ({
  kind: "job-fund",
  job,
  amountBase,
});

describe("ledger/state/apply-job-fund", () => {
  it("adds to the escrow, whoever pays; what is left goes to the job's owner", () => {
    const world = new PracticeWorld();
    const life = new UnitLife(world);
    const before = life.jobRow.escrowBase;
    expect(world.codeOf(world.record("worker", fund(life.job, 7n)))).toBe("");
    expect(life.jobRow.escrowBase).toBe(before + 7n);
    const owner = () => world.row(ACCOUNTS, world.address.owner)?.balanceBase ?? 0n;
    life.until("verdict");
    const held = owner();
    life.take("verdict");
    const priceBase = life.unitRow.priceBase;
    // The owner is also who worker and verifier are paid to: all but the pool's part comes back.
    expect(owner() - held).toBe(before + 7n - (priceBase * 5n) / 100n);
    expect(countedMoney(world)).toBe(world.commits.at(-1)?.supply.circulatingBase);
  });

  it("refuses what is no open private job, nothing, and more than there is", () => {
    const specification = smallSpecification();
    const world = new PracticeWorld({
      listings: [
        {
          name: "digits",
          templateHash: templateHash(sha256, specification),
          unitPriceBase: specification.unitPriceBase,
          mintCapBase: 9n * specification.unitPriceBase,
        },
      ],
    });
    const life = new UnitLife(world);
    const sponsored = new UnitLife(world, { specification, listing: 1 });
    const code = (job: Uint8Array, amountBase: bigint) =>
      world.codeOf(world.record("owner", fund(job, amountBase)));
    expect(code(sha256(Uint8Array.of(9)), 1n)).toBe("LEDGER_JOB_UNKNOWN");
    expect(code(sponsored.job, 1n)).toBe("LEDGER_JOB_SPONSORED");
    expect(code(life.job, 0n)).toBe("LEDGER_FUND_EMPTY");
    expect(code(life.job, 10n ** 30n)).toBe("LEDGER_BALANCE_SHORT");
    life.until("verdict").take("verdict");
    expect(world.row(JOBS, life.job)?.status).toBe("closed");
    expect(code(life.job, 1n)).toBe("LEDGER_JOB_CLOSED");
  });
});
