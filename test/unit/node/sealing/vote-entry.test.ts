import { describe, expect, it } from "vitest";
import { EMPTY_SIGN_GUARD } from "../../../../src-main/consensus/index.ts";
import type { Head, Statement } from "../../../../src-main/ledger/index.ts";
import { lastVote, writeVote } from "../../../../src-main/node/sealing/vote-entry.ts";
import type { VoteLog } from "../../../../src-main/ports/vote-log.ts";

const digest = (fill: number) => new Uint8Array(32).fill(fill);

const HEAD: Head = {
  genesisHash: digest(1),
  number: 4n,
  epoch: 0n,
  view: 7n,
  firstSlot: 10n,
  size: 12n,
  time: 1n,
  commitDigest: digest(2),
  vectorRoot: digest(3),
  stateRoot: digest(4),
  outcomeRoot: digest(5),
  indexRoot: digest(9),
  beacon: digest(6),
  vectorFrontier: new Uint8Array(8),
  outcomeFrontier: new Uint8Array(8),
};

const finalize = (view: bigint, parentView: bigint, genesis = 1): Statement => ({
  kind: "finalize",
  genesisHash: digest(genesis),
  epoch: 0n,
  view,
  parentView,
  commitDigest: digest(7),
  vectorSize: 13n,
  vectorRoot: digest(8),
});

function memoryVotes(): VoteLog {
  let held: Uint8Array | undefined;
  return {
    last: () => held,
    write(entry) {
      held = entry;
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  };
}

async function votesOf(statement: Statement): Promise<VoteLog> {
  const log = memoryVotes();
  const guard = { ...EMPTY_SIGN_GUARD, finalize: statement };
  await writeVote(log, { guard, stored: [Uint8Array.of(1)] });
  return log;
}

describe("vote-entry", () => {
  it("starts an empty log with an empty guard", () => {
    expect(lastVote(memoryVotes(), HEAD)).toEqual({
      guard: EMPTY_SIGN_GUARD,
      unfinished: undefined,
    });
  });

  it("has nothing to finish where the store is as far as the log", async () => {
    const { guard, unfinished } = lastVote(await votesOf(finalize(7n, 6n)), HEAD);
    expect([guard.finalize?.view, unfinished]).toEqual([7n, undefined]);
  });

  it("finishes the commit that was signed on top of the store's", async () => {
    const { unfinished } = lastVote(await votesOf(finalize(8n, 7n)), HEAD);
    expect(unfinished?.stored).toEqual([Uint8Array.of(1)]);
  });

  it("refuses a log that went on alone, another network's and a damaged one", async () => {
    const fault = expect.objectContaining({ code: "NODE_SIGN_GUARD" }) as unknown;
    const ahead = await votesOf(finalize(9n, 8n));
    expect(() => lastVote(ahead, HEAD)).toThrow(fault as Error);
    const other = await votesOf(finalize(8n, 7n, 9));
    expect(() => lastVote(other, HEAD)).toThrow(fault as Error);
    const damaged = memoryVotes();
    await damaged.write(Uint8Array.of(7));
    expect(() => lastVote(damaged, HEAD)).toThrow(fault as Error);
  });
});
