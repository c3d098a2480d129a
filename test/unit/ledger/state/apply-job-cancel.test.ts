import { describe, expect, it } from "vitest";
import { sha256 } from "../../../../src-main/crypto/index.ts";
import { ACCOUNTS, JOBS, LISTINGS, listingId } from "../../../../src-main/ledger/index.ts";
import type { PayloadOf } from "../../../../src-main/ledger/index.ts";
import { templateHash } from "../../../../src-main/learning/index.ts";
import { countedMoney } from "../../../worlds/counted-money.ts";
import { jobCreate, must, PracticeWorld } from "../../../worlds/practice-world.ts";
import { smallSpecification, UnitLife } from "../../../worlds/unit-life.ts";

const cancel = (job: Uint8Array): PayloadOf<"job-cancel"> => ({ kind: "job-cancel", job });
const specification = smallSpecification();
const listing = {
  name: "digits",
  templateHash: templateHash(sha256, specification),
  unitPriceBase: specification.unitPriceBase,
  mintCapBase: 2n * specification.unitPriceBase,
};

/** A job nobody was drawn for: no account has a bond that is large enough. */
function unassigned(world: PracticeWorld, listed = 0): Uint8Array {
  const dear = smallSpecification({ unitBondBase: 10n ** 30n });
  const create = jobCreate(listed ? specification : dear, listed, listed ? 0n : 3n * 10n ** 18n);
  const stored = world.record("owner", create);
  world.commit([stored]);
  return must(world.needs.recoverRecord(stored)).id;
}

describe("ledger/state/apply-job-cancel", () => {
  it("gives the escrow back at once, and the deposit when the job leaves the state", () => {
    const world = new PracticeWorld();
    const job = unassigned(world);
    world.commit();
    const before = world.row(ACCOUNTS, world.address.owner)?.balanceBase ?? 0n;
    const { outcomes, head } = world.commit([world.record("owner", cancel(job))]);
    const { owner } = world.address;
    expect(outcomes[1].effects).toEqual([
      { kind: "refunded", job, to: owner, amountBase: 3n * 10n ** 18n },
    ]);
    const after = world.row(ACCOUNTS, owner)?.balanceBase ?? 0n;
    expect(after).toBe(before + 3n * 10n ** 18n - outcomes[1].feeBase);
    expect(world.row(JOBS, job)?.status).toBe("closed");
    const lentBase = world.row(JOBS, job)?.deposit.depositBase ?? 0n;
    const left = world.commit([], { time: head.time + world.genesis.constants.closedWindowMs });
    expect(left.effects.map(({ effect }) => effect)).toEqual([
      { kind: "closed", job, to: owner, amountBase: lentBase },
    ]);
    expect(world.row(JOBS, job)).toBeUndefined();
    expect(world.row(ACCOUNTS, owner)?.balanceBase).toBe(after + lentBase);
    expect(countedMoney(world)).toBe(left.supply.circulatingBase);
  });

  it("cancels in the very commit that would have started it, before it starts", () => {
    const world = new PracticeWorld();
    const job = unassigned(world);
    expect(world.row(JOBS, job)?.status).toBe("created");
    expect(world.codeOf(world.record("owner", cancel(job)))).toBe("");
    expect(world.row(JOBS, job)?.status).toBe("closed");
  });

  it("frees what a sponsored listing promised", () => {
    const world = new PracticeWorld({ listings: [listing] });
    const job = unassigned(world, 1);
    expect(world.row(LISTINGS, listingId(1))?.promisedBase).toBe(listing.unitPriceBase);
    expect(world.codeOf(world.record("owner", cancel(job)))).toBe("");
    expect(world.row(LISTINGS, listingId(1))?.promisedBase).toBe(0n);
  });

  it("refuses others, a job somebody works on, one that has ended and one there is not", () => {
    const world = new PracticeWorld();
    const life = new UnitLife(world);
    const code = (who: "owner" | "worker", job: Uint8Array) =>
      world.codeOf(world.record(who, cancel(job)));
    expect(code("owner", sha256(Uint8Array.of(3)))).toBe("LEDGER_JOB_UNKNOWN");
    expect(code("worker", life.job)).toBe("LEDGER_JOB_OWNER");
    expect(code("owner", life.job)).toBe("LEDGER_JOB_ASSIGNED");
    life.until("verdict").take("verdict");
    expect(code("owner", life.job)).toBe("LEDGER_JOB_CLOSED");
  });
});
