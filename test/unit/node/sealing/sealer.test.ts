import { describe, expect, it } from "vitest";
import { EMPTY_SIGN_GUARD } from "../../../../src-main/consensus/index.ts";
import type {
  Certificate,
  ExecutedCommit,
  Genesis,
  Head,
} from "../../../../src-main/ledger/index.ts";
import { PRACTICE_CONSTANTS } from "../../../../src-main/ledger/index.ts";
import { Sealer } from "../../../../src-main/node/sealing/sealer.ts";
import type { SealerNeeds } from "../../../../src-main/node/sealing/sealer.ts";

const GENESIS = { time: 0n, constants: PRACTICE_CONSTANTS } as unknown as Genesis;
const digest = new Uint8Array(32);
const headAt = (number: bigint, time: bigint): Head => ({
  genesisHash: digest,
  number,
  epoch: 0n,
  view: number,
  firstSlot: number,
  size: number + 1n,
  time,
  commitDigest: digest,
  vectorRoot: digest,
  stateRoot: digest,
  outcomeRoot: digest,
  indexRoot: digest,
  beacon: digest,
  vectorFrontier: new Uint8Array(8),
  outcomeFrontier: new Uint8Array(8),
});

/** A sealer whose commits hold nothing, and what it did; the clock moves by hand. */
function world(change: Partial<SealerNeeds> = {}) {
  const did: string[] = [];
  const timers: { at: number; action: () => void }[] = [];
  const clock = { now: 1_000 };
  const built = (number: bigint, time: bigint) =>
    ({ head: headAt(number, time), stored: [digest], effects: [], due: {} }) as unknown;
  const needs: SealerNeeds = {
    clock: {
      nowMs: () => clock.now,
      after(delayMs, action) {
        const timer = { at: clock.now + delayMs, action };
        timers.push(timer);
        return () => void timers.splice(timers.indexOf(timer), 1);
      },
    },
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    build({ number, time }) {
      did.push(`build ${number} at ${time}`);
      return built(number, time) as ExecutedCommit;
    },
    persist: () => Promise.resolve(void did.push("persist")),
    certify(statement) {
      did.push(`sign ${statement.kind}`);
      return { statement } as Certificate;
    },
    store: () => Promise.resolve(did.push("store") && 0),
    onFailure: (error) => void did.push(`failure ${String(error)}`),
    ...change,
  };
  const head = headAt(0n, 990n);
  const due = { view: undefined, time: undefined };
  const now = BigInt(clock.now);
  const start = { genesis: GENESIS, head, guard: EMPTY_SIGN_GUARD, due, unnamed: false, now };
  return { did, timers, clock, sealer: new Sealer(start, needs) };
}

/** Lets everything that waits for nothing but promises run. */
const settled = () => new Promise<void>((resolve) => void setImmediate(resolve));

describe("sealer", () => {
  it("writes down before it signs, signs before it stores, when something waits", async () => {
    const { did, timers, clock, sealer } = world();
    sealer.begin();
    expect([did, timers.length]).toEqual([[], 0]);
    sealer.pending(1);
    expect(timers.map(({ at }) => at)).toEqual([1_040]);
    clock.now = 1_040;
    timers.splice(0)[0].action();
    await settled();
    expect(did).toEqual(["build 1 at 1040", "persist", "sign notarize", "sign finalize", "store"]);
    expect(timers.length).toBe(0);
  });

  it("goes on in commit time when the clock was set back while it waited", async () => {
    const { did, timers, clock, sealer } = world();
    sealer.pending(1);
    clock.now = 5;
    timers.splice(0)[0].action();
    await settled();
    expect(did[0]).toBe("build 1 at 1040");
  });

  it("ends for good when storing fails, and signs nothing more", async () => {
    const store = () => Promise.reject(new Error("disk"));
    const { did, timers, clock, sealer } = world({ store });
    sealer.pending(1);
    clock.now = 2_000;
    timers.splice(0)[0].action();
    await settled();
    expect(did.at(-1)).toBe("failure Error: disk");
    const before = did.length;
    sealer.pending(2);
    await settled();
    expect([did.length, timers.length]).toEqual([before, 0]);
  });

  it("finishes the commit under way when it ends, and begins none", async () => {
    const { did, timers, clock, sealer } = world();
    sealer.pending(1);
    await settled();
    clock.now = 2_000;
    timers.splice(0)[0].action();
    await sealer.end();
    expect(did.at(-1)).toBe("store");
    sealer.pending(1);
    expect(timers.length).toBe(0);
  });

  it("keeps one timer however often it is told, and the newest count alone", async () => {
    const { did, timers, clock, sealer } = world();
    for (let count = 1; count <= 1_000; count += 1) sealer.pending(count);
    expect(timers.map(({ at }) => at)).toEqual([1_040]);
    const [first] = timers;
    sealer.pending(1_001);
    await settled();
    expect(timers).toEqual([first]);
    clock.now = 1_040;
    timers.splice(0)[0].action();
    // All of these come while the commit is written; what the last says holds after it.
    for (let count = 1; count <= 1_000; count += 1) sealer.pending(count % 2);
    await settled();
    expect(did.filter((what) => what.startsWith("build"))).toEqual(["build 1 at 1040"]);
    expect(timers.length).toBe(0);
    sealer.pending(1);
    expect(timers.length).toBe(1);
  });
});
