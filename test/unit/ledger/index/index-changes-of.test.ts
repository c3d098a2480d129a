import { describe, expect, it } from "vitest";
import { sha256 } from "../../../../src-main/crypto/index.ts";
import {
  collectionOf,
  committedSearch,
  indexChangesOf,
  indexRootOf,
  searchProof,
  textEmbedding,
  verifySearch,
} from "../../../../src-main/ledger/index.ts";
import type { PayloadOf } from "../../../../src-main/ledger/index.ts";
import { must, PracticeWorld } from "../../../worlds/practice-world.ts";

const publish = (
  about: string,
  more: Partial<PayloadOf<"publish">> = {},
): PayloadOf<"publish"> => ({
  kind: "publish",
  what: "dataset",
  name: "a set",
  content: sha256(Uint8Array.of(1)),
  about,
  tags: ["open"],
  collection: "data",
  embedding: new Uint8Array(must(textEmbedding(about)).buffer),
  ...more,
});

const request = {
  collection: "data",
  query: must(textEmbedding("handwritten digits")),
  k: 3,
  probes: 1,
};

describe("ledger/index/index-changes-of", () => {
  it("takes publications with a collection and retractions, if they applied", () => {
    const applied = { code: "" };
    const record = (payload: PayloadOf<"publish"> | PayloadOf<"retract">) => ({ payload });
    const changes = indexChangesOf([
      { slot: 4n, record: record(publish("one")), outcome: applied },
      { slot: 5n, record: record(publish("two")), outcome: { code: "LEDGER_DEPOSIT_SHORT" } },
      {
        slot: 6n,
        record: record(publish("", { collection: "", embedding: new Uint8Array(0) })),
        outcome: applied,
      },
      { slot: 7n, record: record({ kind: "retract", slot: 4n }), outcome: applied },
      { slot: 8n, record: record({ kind: "retract", slot: 4n }), outcome: { code: "X" } },
    ]);
    expect(changes.map(({ kind, slot }) => [kind, slot])).toEqual([
      ["add", 4n],
      ["retract", 7n],
    ]);
    expect(changes[1]).toMatchObject({ target: 4n });
  });

  it("makes what a commit publishes answerable, under the root the next commit names", () => {
    const world = new PracticeWorld();
    const view = { hasher: sha256, readPage: world.readPage };
    expect(world.head.indexRoot).toEqual(new Uint8Array(32));
    const maxFee = 10n ** 18n;
    const nonce = world.nextNonce(world.address.owner);
    const sets = ["pictures of handwritten digits", "hourly weather of northern roads"];
    const published = world.commit(
      sets.map((about, at) =>
        world.record("owner", publish(about), { nonce: nonce + BigInt(at), maxFee }),
      ),
    );
    expect(published.outcomes.map(({ code }) => code)).toEqual(["", "", ""]);
    expect(published.commit.payload.indexRoot).toEqual(new Uint8Array(32));
    const slot = published.head.firstSlot + 1n;
    expect(must(committedSearch(view, request)).map((hit) => hit.slot)).toEqual([slot, slot + 1n]);
    const proof = must(searchProof(view, request));
    const next = world.commit([world.record("owner", { kind: "retract", slot }, { maxFee })]);
    expect(next.outcomes[1].code).toBe("");
    const named = next.commit.payload.indexRoot;
    expect(named).toEqual(published.head.indexRoot);
    expect(must(verifySearch(sha256, named, request, proof))[0].slot).toBe(slot);
    expect(must(committedSearch(view, request)).map((hit) => hit.slot)).toEqual([slot + 1n]);
    expect(collectionOf(view, "data")).toMatchObject({ entries: 3n, live: 1n });
    expect(world.commit().commit.payload.indexRoot).toEqual(indexRootOf(view));
  });
});
