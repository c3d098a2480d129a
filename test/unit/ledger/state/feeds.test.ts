import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bytesEqual } from "../../../../src-main/contract/bytes.ts";
import { leafHash, rootFromLeafHashes, sha256 } from "../../../../src-main/crypto/index.ts";
import {
  decodeStored,
  feedFrontier,
  feedLeaf,
  StateOverlay,
  stateViewOver,
} from "../../../../src-main/ledger/index.ts";
import type { Payload } from "../../../../src-main/ledger/index.ts";
import { must, PracticeWorld, transfer, WHO } from "../../../worlds/practice-world.ts";
import type { Who } from "../../../worlds/practice-world.ts";

/** Root of an account's feed as the state has it. */
function feedRoot(world: PracticeWorld, address: Uint8Array): Uint8Array {
  const overlay = new StateOverlay(stateViewOver(world.readPage), sha256);
  return feedFrontier(overlay, sha256, address).root();
}

const rootOver = (slots: readonly bigint[]): Uint8Array =>
  rootFromLeafHashes(
    sha256,
    slots.map((slot) => leafHash(sha256, feedLeaf(slot))),
  );

describe("ledger/state/feeds", () => {
  it("holds exactly the slots that concern an account, in order", () => {
    const actions = fc.array(
      fc.record({
        from: fc.constantFrom<Who>("owner", "worker", "verifier"),
        to: fc.constantFrom<Who>("owner", "worker", "stranger"),
        amountBase: fc.constantFrom(1n, 10n ** 30n),
        ends: fc.boolean(),
      }),
      { minLength: 1, maxLength: 12 },
    );
    fc.assert(
      fc.property(actions, (list) => {
        const world = new PracticeWorld();
        let waiting: { from: Who; payload: Payload }[] = [];
        const seal = () => {
          const nonces = new Map<Who, bigint>();
          world.commit(
            waiting.map(({ from, payload }) => {
              const nonce = nonces.get(from) ?? world.nextNonce(world.address[from]);
              nonces.set(from, nonce + 1n);
              return world.record(from, payload, { nonce });
            }),
          );
          waiting = [];
        };
        for (const { from, to, amountBase, ends } of list) {
          waiting.push({ from, payload: transfer(world.address[to], amountBase) });
          if (ends) seal();
        }
        seal();
        for (const who of WHO) {
          const address = world.address[who];
          const slots: bigint[] = [];
          for (const { head, stored, outcomes } of world.commits) {
            for (const [at, bytes] of stored.entries()) {
              const { record } = must(decodeStored(bytes));
              const { payload } = record;
              if (payload.kind !== "transfer") continue;
              const received = outcomes[at].code === "" && bytesEqual(payload.to, address);
              if (received || bytesEqual(record.account, address)) {
                slots.push(head.firstSlot + BigInt(at));
              }
            }
          }
          expect(feedRoot(world, address)).toEqual(rootOver(slots));
        }
      }),
      { numRuns: 40 },
    );
  });

  it("differs when a slot is left out, moved or added", () => {
    const slots = [3n, 5n, 9n];
    const right = rootOver(slots);
    for (const wrong of [[3n, 9n], [5n, 3n, 9n], [3n, 5n, 9n, 10n], []]) {
      expect(rootOver(wrong)).not.toEqual(right);
    }
  });
});
