import { describe, expect, it } from "vitest";
import { bytesToHex } from "../../../../src-main/contract/bytes.ts";
import { sha256 } from "../../../../src-main/crypto/index.ts";
import { ACCOUNTS, LISTINGS, listingId, stateMapRoot } from "../../../../src-main/ledger/index.ts";
import { templateHash } from "../../../../src-main/learning/index.ts";
import { PracticeWorld } from "../../../worlds/practice-world.ts";
import { smallSpecification, UnitLife } from "../../../worlds/unit-life.ts";

const PRICE = 10n ** 18n;

const kinds = (world: PracticeWorld) =>
  world.commits.flatMap((commit) => commit.effects.map(({ effect }) => effect.kind));

describe("ledger/execute/execute-commit", () => {
  it("leads a sponsored unit from job-create to paid, with real keys", () => {
    const specification = smallSpecification();
    const listing = {
      name: "digits",
      templateHash: templateHash(sha256, specification),
      unitPriceBase: PRICE,
      mintCapBase: 10n * PRICE,
    };
    const world = new PracticeWorld({ keys: "real", listings: [listing] });
    const life = new UnitLife(world, { specification, listing: 1 });
    const before = world.row(ACCOUNTS, world.address.owner)?.balanceBase ?? 0n;
    life.until("verdict").take("verdict");
    expect(life.unitRow.phase).toBe("paid");
    expect(life.jobRow.status).toBe("closed");
    expect(kinds(world)).toEqual([
      "job-started",
      "assigned",
      "challenged",
      "paid",
      "paid",
      "paid",
      "accepted",
    ]);
    const after = world.row(ACCOUNTS, world.address.owner)?.balanceBase ?? 0n;
    expect(after - before).toBe((PRICE * 95n) / 100n);
    expect(world.row(ACCOUNTS, world.genesis.pool)?.balanceBase).toBe((PRICE * 5n) / 100n);
    expect(world.row(LISTINGS, listingId(1))).toMatchObject({
      mintedBase: PRICE,
      promisedBase: 0n,
    });
    expect(world.commits.at(-1)?.supply.mintedBase).toBe(PRICE);
  });

  it("pays a private unit from escrow and refunds the rest", () => {
    const world = new PracticeWorld();
    const life = new UnitLife(world, { escrowBase: 3n * PRICE });
    life.until("verdict").take("verdict");
    const paid = world.commits.at(-1);
    expect(paid?.effects.at(-2)?.effect).toMatchObject({
      kind: "refunded",
      amountBase: 2n * PRICE,
    });
    expect(paid?.supply.mintedBase).toBe(0n);
    expect(life.jobRow.escrowBase).toBe(0n);
  });

  it("gives the same bytes again from the same parent", () => {
    const world = new PracticeWorld();
    const once = world.execute();
    const twice = world.execute();
    expect(twice).toEqual(once);
  });

  it("names a state root that the written pages have", () => {
    const world = new PracticeWorld();
    const life = new UnitLife(world).until("verdict");
    life.take("verdict");
    const root = stateMapRoot({ hasher: sha256, readPage: world.readPage });
    expect(bytesToHex(root)).toBe(bytesToHex(world.head.stateRoot));
  });
});
