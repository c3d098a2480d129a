import { describe, expect, it } from "vitest";
import { compareBytes } from "../../../../src-main/contract/bytes.ts";
import { accept, reject } from "../../../../src-main/contract/outcome.ts";
import { BONDED, VALIDATORS, WORKERS } from "../../../../src-main/ledger/index.ts";
import type { Table } from "../../../../src-main/ledger/index.ts";
import { ConcentrationReader } from "../../../../src-main/node/index.ts";
import type { ConcentrationNeeds } from "../../../../src-main/node/index.ts";
import {
  MEASURE_REST_MS,
  MEASURE_SLICE_MS,
  MEASURED_ACCOUNTS_MAX,
} from "../../../../src-main/node/limits.ts";
import type { Node, StateReader } from "../../../../src-main/node/index.ts";
import { MovedClock } from "../../../worlds/moved-clock.ts";

const account = (name: number): Uint8Array => {
  const bytes = new Uint8Array(20);
  new DataView(bytes.buffer).setUint32(0, name);
  return bytes;
};

/** What a ledger holds, by account number. */
interface Held {
  readonly weights?: readonly (readonly [number, bigint])[];
  readonly bonds?: readonly (readonly [number, bigint])[];
  readonly balances?: ReadonlyMap<number, bigint>;
  /** Accounts that the index knows. */
  readonly known?: readonly number[];
  readonly founding?: readonly number[];
}

class Ledger {
  commit = 3n;
  reads = 0;
  readonly needs: ConcentrationNeeds;
  readonly #held: Held;

  constructor(held: Held, clock: ConcentrationNeeds["clock"]) {
    this.#held = held;
    const known = (held.known ?? []).map(account).toSorted(compareBytes);
    const genesis = {
      accounts: (held.founding ?? []).map((name) => ({ address: account(name) })),
      pool: account(1),
    };
    const node = {
      head: () => ({ number: this.commit, time: 9n }),
      stateAt: () => accept(this.#state()),
      floors: () => ({ payloads: 0, hashes: 0, commits: 0 }),
      light: { firstSlot: (commit: bigint) => accept(commit) },
      outcome: () => accept({ code: "", feeBase: 0n, effects: [] }),
      record: () => reject("NODE_PRUNED"),
      unit: () => undefined,
      lists: {
        accountAfter: (after?: Uint8Array) =>
          after === undefined ? known[0] : known.find((one) => compareBytes(one, after) > 0),
      },
    };
    this.needs = { node: node as unknown as Node, genesis: genesis as never, clock };
  }

  #state(): StateReader {
    this.reads += 1;
    const { weights = [], bonds = [], balances = new Map() } = this.#held;
    const row = (table: Table<unknown>, id: Uint8Array): unknown => {
      if (table.name === VALIDATORS.name) {
        return weights.map(([of, weight]) => ({ address: account(of), weight }));
      }
      if (table.name === BONDED.name) return bonds.map(([of]) => account(of));
      if (table.name !== WORKERS.name) return undefined;
      return { bondedBase: bonds.find(([of]) => of === nameOf(id))?.[1] };
    };
    return {
      row,
      account: (id: Uint8Array) => ({ balanceBase: balances.get(nameOf(id)) ?? 0n }),
      totals: () => ({ circulatingBase: 100n }),
    } as unknown as StateReader;
  }
}

function nameOf(id: Uint8Array): number {
  return new DataView(id.buffer, id.byteOffset).getUint32(0);
}

const reader = (held: Held, clock = new MovedClock(0)) => {
  const ledger = new Ledger(held, clock);
  return { ledger, clock, reads: new ConcentrationReader(ledger.needs) };
};

describe("node/concentration/concentration-reader", () => {
  it("measures votes by account and bonds against a third, balances against a half", async () => {
    const { reads } = reader({
      weights: [
        [5, 2n],
        [6, 3n],
        [5, 2n],
      ],
      bonds: [
        [7, 10n],
        [8, 10n],
        [9, 10n],
      ],
      balances: new Map([
        [2, 6n],
        [3, 4n],
      ]),
      known: [2, 3],
    });
    const found = await reads.read();
    expect(found.votes).toMatchObject({ holders: 2, total: 7n, nakamoto: 1 });
    expect(found.bonds).toMatchObject({ holders: 3, total: 30n, nakamoto: 2 });
    expect(found.balances.measure).toMatchObject({ holders: 2, total: 10n, nakamoto: 1 });
    expect(found.balances).toMatchObject({ whole: true, circulatingBase: 100n });
    expect(found.work).toMatchObject({ fromCommit: 1n, toCommit: 3n, payments: 0 });
    expect(found.work.byWorker).toBeUndefined();
    expect(found).toMatchObject({ commit: 3n, time: 9n });
  });

  it("reads an account once that the index knows, the ledger began with, or both", async () => {
    const balances = new Map([1, 2, 3, 4, 5, 6].map((name) => [name, BigInt(name)]));
    const { reads } = reader({ balances, known: [2, 4, 6], founding: [4, 3, 3, 5] });
    const { balances: found } = await reads.read();
    expect(found.measure).toMatchObject({ holders: 6, total: 21n });
  });

  it("has no measure of what nobody has", async () => {
    const { reads } = reader({});
    const { votes, bonds, balances } = await reads.read();
    expect([votes, bonds, balances.measure]).toEqual([undefined, undefined, undefined]);
  });

  it("reads so many accounts at most, and says that it is not the whole", async () => {
    const known = Array.from({ length: MEASURED_ACCOUNTS_MAX }, (_, at) => at + 2);
    const { ledger } = reader({});
    let asked = 0;
    const accountAfter = () => (asked < known.length ? account(known[asked++]) : undefined);
    const state = { row: () => undefined, account: () => ({ balanceBase: 1n }) };
    const node = {
      ...ledger.needs.node,
      lists: { accountAfter },
      stateAt: () => accept({ ...state, totals: () => ({ circulatingBase: 0n }) } as never),
    };
    const reads = new ConcentrationReader({ ...ledger.needs, node });
    const { balances } = await reads.read();
    expect(balances.measure?.holders).toBe(MEASURED_ACCOUNTS_MAX);
    expect(balances.whole).toBe(false);
  });

  it("is read once for all who ask, and again only for another commit after a rest", async () => {
    const { ledger, clock, reads } = reader({ weights: [[5, 1n]] });
    expect(reads.newest).toBeUndefined();
    const [one, two] = await Promise.all([reads.read(), reads.read()]);
    expect(one).toBe(two);
    expect(ledger.reads).toBe(1);
    clock.jump(10 * MEASURE_REST_MS);
    expect(await reads.read()).toBe(one);
    ledger.commit = 4n;
    expect((await reads.read()).commit).toBe(4n);
    ledger.commit = 5n;
    expect((await reads.read()).commit).toBe(4n);
    clock.jump(MEASURE_REST_MS);
    expect((await reads.read()).commit).toBe(5n);
    expect(reads.newest?.commit).toBe(5n);
  });

  it("lets other work run once a slice is used up", async () => {
    const { ledger } = reader({ known: [2, 3, 4, 5], balances: new Map([[2, 1n]]) });
    let [waits, nowMs] = [0, 0];
    const slow = {
      nowMs: () => (nowMs += MEASURE_SLICE_MS / 2),
      after: (_: number, action: () => void) => {
        waits += 1;
        queueMicrotask(action);
        return () => undefined;
      },
    };
    await new ConcentrationReader({ ...ledger.needs, clock: slow }).read();
    expect(waits).toBeGreaterThan(2);
  });

  it("asks again after a fault", async () => {
    const { ledger } = reader({ weights: [[5, 1n]] });
    let fails = true;
    const stateAt = (commit: bigint) =>
      fails ? reject("NODE_PRUNED") : ledger.needs.node.stateAt(commit);
    const reads = new ConcentrationReader({
      ...ledger.needs,
      node: { ...ledger.needs.node, stateAt },
    });
    await expect(reads.read()).rejects.toMatchObject({ code: "NODE_PRUNED" });
    fails = false;
    expect((await reads.read()).votes?.holders).toBe(1);
  });
});
