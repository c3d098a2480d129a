import { describe, expect, it } from "vitest";
import { sha256 } from "../../../../src-main/crypto/index.ts";
import { ACCOUNTS, AGENDA, JOBS, LISTINGS, listingId } from "../../../../src-main/ledger/index.ts";
import { AGENDA_BY_VIEW } from "../../../../src-main/ledger/state/tables.ts";
import { AGENDA_ENTRIES_MAX } from "../../../../src-main/ledger/limits.ts";
import { laneDeposit, StateOverlay, stateViewOver } from "../../../../src-main/ledger/index.ts";
import { applyJobCreate } from "../../../../src-main/ledger/state/apply-job-create.ts";
import { templateHash } from "../../../../src-main/learning/index.ts";
import { codeOf, jobCreate, must, PracticeWorld } from "../../../worlds/practice-world.ts";
import { smallSpecification } from "../../../worlds/unit-life.ts";

const PRICE = 10n ** 18n;
const specification = smallSpecification();

function sponsoredWorld(caps: bigint, lessBase = 0n): PracticeWorld {
  const listing = {
    name: "digits",
    templateHash: templateHash(sha256, specification),
    unitPriceBase: PRICE,
    mintCapBase: caps * PRICE - lessBase,
  };
  return new PracticeWorld({ listings: [listing] });
}

const codeFor = (world: PracticeWorld, payload: ReturnType<typeof jobCreate>) =>
  world.codeOf(world.record("owner", payload));

describe("ledger/state/apply-job-create", () => {
  it("puts a private job's price into escrow", () => {
    const world = new PracticeWorld();
    const before = world.row(ACCOUNTS, world.address.owner)?.balanceBase ?? 0n;
    const stored = world.record("owner", jobCreate(specification, 0, PRICE));
    const { outcomes } = world.commit([stored]);
    const job = world.row(JOBS, must(world.needs.recoverRecord(stored)).id);
    expect(outcomes[1].code).toBe("");
    expect(job).toMatchObject({ escrowBase: PRICE, status: "created", listing: 0 });
    const after = world.row(ACCOUNTS, world.address.owner)?.balanceBase ?? 0n;
    const lentBase = (job?.deposit.depositBase ?? 0n) + laneDeposit(world.genesis.constants);
    expect(job?.deposit.depositor).toEqual(world.address.owner);
    expect(before - after).toBe(PRICE + outcomes[1].feeBase + lentBase);
  });

  it("refuses an escrow below the price or above the balance", () => {
    const world = new PracticeWorld();
    expect(codeFor(world, jobCreate(specification, 0, PRICE - 1n))).toBe("LEDGER_ESCROW_SHORT");
    expect(codeFor(world, jobCreate(specification, 0, 5_000n * PRICE))).toBe(
      "LEDGER_BALANCE_SHORT",
    );
    expect(world.commits.every((commit) => commit.effects.length === 0)).toBe(true);
  });

  it("refuses bytes that are no sound specification", () => {
    const world = new PracticeWorld();
    const { specification: bytes, ...rest } = jobCreate(specification, 0, PRICE);
    const longer = new Uint8Array([...bytes, 0]);
    const unsound = bytes.slice();
    unsound[0] = 9;
    for (const wrong of [new Uint8Array(0), longer, unsound]) {
      expect(codeFor(world, { ...rest, specification: wrong })).toBe("LEDGER_SPECIFICATION");
    }
  });

  it("takes a listing's template with any seed of the owner's", () => {
    const world = sponsoredWorld(2n);
    const seeded = { ...specification, seed: new Uint8Array(32).fill(99) };
    expect(codeFor(world, jobCreate(seeded, 1))).toBe("");
    expect(world.row(LISTINGS, listingId(1))?.promisedBase).toBe(PRICE);
  });

  it("refuses any other specification under a listing", () => {
    const world = sponsoredWorld(2n);
    const changes = [
      { unitPriceBase: PRICE + 1n },
      { steps: 61 },
      { sampledSegments: 1 },
      { seedRule: 0 },
      { verdictWindowMs: 1 },
    ];
    for (const change of changes) {
      const payload = jobCreate({ ...specification, ...change }, 1);
      expect(codeFor(world, payload)).toBe("LEDGER_LISTING_TEMPLATE");
    }
  });

  it("refuses a listing whose template lets the owner fix the seed", () => {
    const fixed = { ...specification, seedRule: 0 };
    const listing = {
      name: "fixed",
      templateHash: templateHash(sha256, fixed),
      unitPriceBase: PRICE,
      mintCapBase: PRICE,
    };
    const world = new PracticeWorld({ listings: [listing] });
    expect(codeFor(world, jobCreate(fixed, 1))).toBe("LEDGER_LISTING_SEED");
  });

  it("refuses an unknown listing and an escrow for a sponsored job", () => {
    const world = sponsoredWorld(2n);
    expect(codeFor(world, jobCreate(specification, 2))).toBe("LEDGER_LISTING_UNKNOWN");
    expect(codeFor(world, jobCreate(specification, 1, 1n))).toBe("LEDGER_LISTING_ESCROW");
  });

  it("refuses to promise more than the listing's cap", () => {
    const world = sponsoredWorld(2n);
    const codes = [1, 2, 3].map(() => codeFor(world, jobCreate(specification, 1)));
    expect(codes).toEqual(["", "", "LEDGER_LISTING_CAP"]);
  });

  it("refuses a unit that would exceed the cap by one base unit", () => {
    const world = sponsoredWorld(1n, 1n);
    expect(codeFor(world, jobCreate(specification, 1))).toBe("LEDGER_LISTING_CAP");
  });

  it("refuses a job when the agenda is full", () => {
    const world = new PracticeWorld();
    const overlay = new StateOverlay(stateViewOver(world.readPage), sha256);
    const entries = Array.from({ length: AGENDA_ENTRIES_MAX }, (_, at) => {
      return { due: BigInt(at), kind: "job" as const, id: sha256(Uint8Array.of(at)) };
    });
    overlay.write(AGENDA, AGENDA_BY_VIEW, entries);
    const sender = { account: world.address.owner, id: sha256(Uint8Array.of(1)), slot: 1n };
    const context = {
      hasher: sha256,
      genesis: world.genesis,
      number: 1n,
      epoch: 0n,
      view: 1n,
      time: world.genesis.time,
      beacon: new Uint8Array(32),
      verifyVrf: world.needs.verifyVrf,
      verifyEd25519: world.needs.verifyEd25519,
    };
    const payload = jobCreate(specification, 0, PRICE);
    expect(codeOf(applyJobCreate(overlay, sender, payload, context))).toBe("LEDGER_AGENDA_FULL");
  });
});
