import { describe, expect, it } from "vitest";
import { accept, reject } from "../../../../src-main/contract/outcome.ts";
import type { Effect } from "../../../../src-main/ledger/index.ts";
import { PaidWindow } from "../../../../src-main/node/concentration/paid-window.ts";
import type { PaidSource } from "../../../../src-main/node/concentration/paid-window.ts";
import {
  PAID_WINDOW_COMMITS_MAX,
  PAID_WINDOW_PAYMENTS_MAX,
} from "../../../../src-main/node/limits.ts";

const account = (name: number): Uint8Array => new Uint8Array(20).fill(name);
const unit = (name: number): Uint8Array => new Uint8Array(32).fill(name);
const noPause = (): Promise<void> => Promise.resolve();

const paid = (of: number, to: number, amountBase: bigint): Effect[] =>
  (["worker", "verifiers", "pool"] as const).map((share) => {
    const amount = share === "worker" ? amountBase : 1n;
    return {
      kind: "paid",
      unit: unit(of),
      to: account(to),
      amountBase: amount,
      share,
      minted: true,
    };
  });

/** A ledger whose commit n did `effects(n)`; commits and outcomes below the floors are gone. */
class Source implements PaidSource {
  readonly asked: bigint[] = [];
  floor = { payloads: 0, hashes: 0, commits: 0 };
  unknown = new Set<number>();
  readonly #effects: (commit: bigint) => readonly Effect[];

  constructor(effects: (commit: bigint) => readonly Effect[]) {
    this.#effects = effects;
  }

  readonly light = {
    firstSlot: (commit: bigint) => accept(commit - 1n),
  };

  floors() {
    return this.floor;
  }

  outcome(slot: bigint) {
    this.asked.push(slot + 1n);
    if (slot < BigInt(this.floor.hashes)) return reject("NODE_PRUNED");
    return accept({ code: "", feeBase: 0n, effects: [...this.#effects(slot + 1n)] });
  }

  record(_slot: bigint) {
    return reject("NODE_PRUNED");
  }

  unit(id: Uint8Array) {
    if (this.unknown.has(id[0])) return undefined;
    return { worker: account(id[0]) } as unknown as ReturnType<PaidSource["unit"]>;
  }
}

const listed = (window: PaidWindow, by: "byWorker" | "byPayout") =>
  [...window[by]()].map((one) => [one.account[0], one.amountBase]);

describe("node/concentration/paid-window", () => {
  it("takes the worker's share alone, by the worker and by whom it was paid to", async () => {
    const source = new Source((commit) => (commit === 2n ? paid(7, 9, 85n) : []));
    const window = new PaidWindow(source);
    await window.follow(3n, noPause);
    expect(listed(window, "byWorker")).toEqual([[7, 85n]]);
    expect(listed(window, "byPayout")).toEqual([[9, 85n]]);
    expect(window.span).toEqual({ from: 1n, to: 3n });
    expect([window.count, window.unattributed]).toEqual([1, 0]);
  });

  it("reads each commit once, also when more follow", async () => {
    const source = new Source((commit) => paid(Number(commit), 9, commit));
    const window = new PaidWindow(source);
    await window.follow(2n, noPause);
    await window.follow(2n, noPause);
    await window.follow(4n, noPause);
    expect(source.asked).toEqual([1n, 2n, 3n, 4n]);
    expect(listed(window, "byWorker").map(([name]) => name)).toEqual([1, 2, 3, 4]);
  });

  it("begins so many commits before the newest, and forgets what leaves", async () => {
    const most = BigInt(PAID_WINDOW_COMMITS_MAX);
    const source = new Source((commit) => (commit < 12n ? paid(Number(commit), 9, 1n) : []));
    const window = new PaidWindow(source);
    await window.follow(most, noPause);
    expect(window.span).toEqual({ from: 1n, to: most });
    await window.follow(most + 10n, noPause);
    expect(window.span).toEqual({ from: 11n, to: most + 10n });
    expect(listed(window, "byWorker")).toEqual([[11, 1n]]);
    const later = new PaidWindow(source);
    await later.follow(most + 10n, noPause);
    expect(later.span).toEqual(window.span);
  });

  it("holds so many payments and drops the oldest commits whole", async () => {
    const each = 4_096;
    const many = Array.from({ length: each }, () => paid(1, 9, 1n)[0]);
    const commits = PAID_WINDOW_PAYMENTS_MAX / each;
    const source = new Source(() => many);
    const window = new PaidWindow(source);
    await window.follow(BigInt(commits), noPause);
    expect([window.count, window.span.from]).toEqual([PAID_WINDOW_PAYMENTS_MAX, 1n]);
    await window.follow(BigInt(commits) + 1n, noPause);
    expect([window.count, window.span.from]).toEqual([PAID_WINDOW_PAYMENTS_MAX, 2n]);
  });

  it("begins where outcomes are held, in a restored ledger and in a pruned one", async () => {
    const restored = new Source((commit) => paid(Number(commit), 9, 1n));
    restored.floor = { payloads: 5, hashes: 5, commits: 5 };
    const window = new PaidWindow(restored);
    await window.follow(7n, noPause);
    expect(window.span).toEqual({ from: 6n, to: 7n });
    const pruned = new Source((commit) => paid(Number(commit), 9, 1n));
    pruned.floor = { payloads: 3, hashes: 3, commits: 0 };
    const other = new PaidWindow(pruned);
    await other.follow(4n, noPause);
    expect(other.span).toEqual({ from: 4n, to: 4n });
    expect(listed(other, "byWorker")).toEqual([[4, 1n]]);
    expect(other.fromTime()).toBeUndefined();
  });

  it("counts a unit that nobody knows any more by its payout alone, and says so", async () => {
    const source = new Source(() => paid(7, 9, 85n));
    source.unknown.add(7);
    const window = new PaidWindow(source);
    await window.follow(1n, noPause);
    expect(listed(window, "byWorker")).toEqual([]);
    expect(listed(window, "byPayout")).toEqual([[9, 85n]]);
    expect(window.unattributed).toBe(1);
  });

  it("counts nothing before the first commit", async () => {
    const window = new PaidWindow(new Source(() => []));
    await window.follow(0n, noPause);
    expect([window.count, window.span]).toEqual([0, { from: 1n, to: 0n }]);
  });
});
