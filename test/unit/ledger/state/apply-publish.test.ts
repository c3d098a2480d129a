import { describe, expect, it } from "vitest";
import { ACCOUNTS, COLLECTIONS, PUBLICATIONS } from "../../../../src-main/ledger/index.ts";
import type { PayloadOf } from "../../../../src-main/ledger/index.ts";
import { sha256 } from "../../../../src-main/crypto/index.ts";
import { collectionId } from "../../../../src-main/ledger/state/apply-publish.ts";
import { publicationId } from "../../../../src-main/ledger/state/rows-published.ts";
import { PracticeWorld, publish } from "../../../worlds/practice-world.ts";

const held = (world: PracticeWorld) => world.row(ACCOUNTS, world.address.owner)?.balanceBase ?? 0n;
const embedding = (size: number) => new Uint8Array(size).fill(3);

describe("ledger/state/apply-publish", () => {
  it("keeps a row with the publisher and its deposit, and says so in an effect", () => {
    const world = new PracticeWorld();
    const before = held(world);
    const executed = world.commit([
      world.record("owner", publish({ collection: "models", embedding: embedding(8) })),
    ]);
    const [, outcome] = executed.outcomes;
    expect(outcome.code).toBe("");
    expect(outcome.effects).toEqual([{ kind: "published", collection: "models" }]);
    const row = world.row(PUBLICATIONS, publicationId(2n - 1n));
    expect(row).toMatchObject({ publisher: world.address.owner, collection: "models" });
    expect(row?.deposit.depositor).toEqual(world.address.owner);
    expect(row?.deposit.depositBase).toBeGreaterThan(0n);
    const spent = outcome.feeBase + (row?.deposit.depositBase ?? 0n);
    // The lane that the record opened has its deposit too.
    expect(before - held(world)).toBeGreaterThanOrEqual(spent);
    const collection = world.row(COLLECTIONS, collectionId({ hasher: sha256 }, "models"));
    expect(collection).toEqual({ name: "models", dimension: 8 });
  });

  it.each<[string, Partial<PayloadOf<"publish">>, string]>([
    ["without a name", { name: "" }, "LEDGER_PUBLICATION_NAME"],
    ["an embedding without a collection", { embedding: embedding(4) }, "LEDGER_EMBEDDING_ALONE"],
    ["a collection without an embedding", { collection: "c" }, "LEDGER_EMBEDDING_ABSENT"],
  ])("refuses %s", (_, change, code) => {
    const world = new PracticeWorld();
    expect(world.codeOf(world.record("owner", publish(change)))).toBe(code);
    expect(world.row(PUBLICATIONS, publicationId(1n))).toBeUndefined();
  });

  it("holds a collection to its first dimension, whoever publishes", () => {
    const world = new PracticeWorld();
    const into = (size: number) => publish({ collection: "c", embedding: embedding(size) });
    expect(world.codeOf(world.record("owner", into(16)))).toBe("");
    expect(world.codeOf(world.record("worker", into(15)))).toBe("LEDGER_EMBEDDING_SIZE");
    expect(world.codeOf(world.record("worker", into(16)))).toBe("");
    const founded = world.row(COLLECTIONS, collectionId({ hasher: sha256 }, "c"));
    expect(founded?.dimension).toBe(16);
  });

  it("gives a collection of words no other dimension than its words have", () => {
    const world = new PracticeWorld();
    const into = (size: number) =>
      publish({ collection: "model.text-1", embedding: embedding(size) });
    expect(world.codeOf(world.record("worker", into(1)))).toBe("LEDGER_EMBEDDING_SIZE");
    expect(world.codeOf(world.record("owner", into(128)))).toBe("");
  });

  it("founds no collection when the deposit is short", () => {
    const world = new PracticeWorld({
      change: (genesis) => ({
        ...genesis,
        constants: { ...genesis.constants, depositPerByteBase: 11n * 10n ** 18n },
      }),
    });
    const payload = publish({ collection: "c", embedding: embedding(4) });
    expect(world.codeOf(world.record("owner", payload))).toBe("LEDGER_DEPOSIT_SHORT");
    expect(world.row(COLLECTIONS, collectionId({ hasher: sha256 }, "c"))).toBeUndefined();
  });
});
