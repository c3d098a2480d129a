import { describe, expect, it } from "vitest";
import { nobleSignatures, sha256 } from "../../../src-main/crypto/index.ts";
import { PRACTICE_CONSTANTS, pricesAt, stateViewOver } from "../../../src-main/ledger/index.ts";
import { executeNeedsOf } from "../../../src-main/node/chain.ts";
import { MEMPOOL_RECORDS_MAX } from "../../../src-main/node/limits.ts";
import { Mempool } from "../../../src-main/node/mempool.ts";
import { Submissions } from "../../../src-main/node/submissions.ts";
import { PracticeWorld, transfer } from "../../worlds/practice-world.ts";

const practice = new PracticeWorld({ keys: "real" });
const { owner, stranger } = practice.address;
const record = (nonce: bigint) => practice.record("owner", transfer(stranger, 1n), { nonce });
/** The same record under a signature over something else. */
const falselySigned = (stored: Uint8Array) => {
  const false65 = record(9n).slice(-65);
  return Uint8Array.from([...stored.slice(0, -65), ...false65]);
};

/** Submissions whose signers come when they are let come. */
function world() {
  const asked: (() => void)[] = [];
  const recovery = {
    recover: (digest: Uint8Array, signature: Uint8Array) =>
      new Promise<Uint8Array | undefined>((resolve) => {
        asked.push(() => resolve(nobleSignatures.recover(digest, signature)));
      }),
    close: () => Promise.resolve(),
  };
  const crypto = { ...practice.needs, hasher: sha256, signatures: nobleSignatures, recovery };
  const execution = executeNeedsOf(crypto, practice.context.genesisHash);
  const mempool = new Mempool(sha256, stateViewOver(practice.readPage));
  const said = { ended: undefined as string | undefined, added: 0 };
  const submissions = new Submissions(mempool, {
    execution,
    crypto,
    next: () => ({ prices: pricesAt(PRACTICE_CONSTANTS), time: practice.head.time + 50n }),
    ended: () => said.ended,
    onAdded: () => void (said.added += 1),
  });
  return { submissions, mempool, asked, said };
}

const turns = () => new Promise<void>((resolve) => void setImmediate(resolve));

describe("node/submissions", () => {
  it("admits in the order of the answers, and tells of each", async () => {
    const { submissions, mempool, asked, said } = world();
    for (const nonce of [0n, 1n]) void submissions.submit(record(nonce));
    expect([mempool.count, asked.length]).toEqual([0, 2]);
    for (const answer of asked) answer();
    await turns();
    expect([mempool.count, said.added, mempool.nextNonce(owner, 0)]).toEqual([2, 2, 2n]);
  });

  it("counts what is being recovered when the next nonce is asked", async () => {
    const { submissions, mempool, asked, said } = world();
    void submissions.submit(record(0n));
    submissions.hurry(owner, 1);
    submissions.hurry(stranger, 0);
    expect(mempool.count).toBe(0);
    submissions.hurry(owner, 0);
    expect(mempool.nextNonce(owner, 0)).toBe(1n);
    asked[0]();
    await turns();
    expect([mempool.count, said.added]).toEqual([1, 1]);
  });

  it("lets nobody speak for a record under a false signature", async () => {
    const { submissions, mempool, asked } = world();
    const right = record(0n);
    const wrong = submissions.submit(falselySigned(right));
    void submissions.submit(right);
    const again = submissions.submit(right);
    expect(asked).toHaveLength(2);
    asked[0]();
    asked[1]();
    expect(await wrong).toMatchObject({ ok: false });
    await turns();
    expect(mempool.count).toBe(1);
    mempool.refuseAll("NODE_STOPPED");
    expect(await again).toMatchObject({ rejection: { code: "NODE_STOPPED" } });
  });

  it("bounds what is recovered together with what waits", async () => {
    const { submissions } = world();
    const one = record(0n);
    for (let count = 0; count < MEMPOOL_RECORDS_MAX; count += 1) {
      const other = one.slice();
      new DataView(other.buffer).setUint32(other.length - 65, count);
      void submissions.submit(other);
    }
    const full = await submissions.submit(record(1n));
    expect(full).toMatchObject({ rejection: { code: "NODE_MEMPOOL_FULL" } });
  });

  it("admits nothing once the node has ended", async () => {
    const { submissions, mempool, asked, said } = world();
    const submitted = submissions.submit(record(0n));
    said.ended = "NODE_STOPPED";
    asked[0]();
    expect(await submitted).toMatchObject({ rejection: { code: "NODE_STOPPED" } });
    expect(mempool.count).toBe(0);
  });
});
