/** What the whole network holds, so that a cheat can be shown to have moved nothing. */

import { expect } from "vitest";
import { JOBS, laneId, LANES } from "../../src-main/ledger/index.ts";
import { splitPrice } from "../../src-main/learning/index.ts";
import type { CheatNetwork, Who } from "./cheat-network.ts";
import { POOL, signerOf, WHO } from "./cheat-network.ts";

export interface Money {
  readonly balances: Readonly<Record<Who | "pool", bigint>>;
  readonly held: Readonly<Record<Who, bigint>>;
  /** Lent for rows that stand: lanes, jobs, units. */
  readonly lent: bigint;
  readonly minted: bigint;
  readonly burned: bigint;
}

export function moneyOf({ node }: CheatNetwork): Money {
  const entries = WHO.map((who) => [who, node.account(signerOf(who).address)] as const);
  const balances = entries.map(([who, { balanceBase }]) => [who, balanceBase] as const);
  const held = entries.map(([who, { worker }]) => [who, worker?.heldBase ?? 0n] as const);
  const { mintedBase, burnedBase } = node.supply();
  const pool = node.account(POOL).balanceBase;
  return {
    balances: { ...(Object.fromEntries(balances) as Record<Who, bigint>), pool },
    held: Object.fromEntries(held) as Record<Who, bigint>,
    lent: lentFor(node),
    minted: mintedBase,
    burned: burnedBase,
  };
}

/** Lanes that any account here uses. */
const LANES_USED = 4;

/** Deposits of the accounts' lanes and of all jobs. */
function lentFor(node: CheatNetwork["node"]): bigint {
  const state = node.stateAt(node.head().number);
  if (!state.ok) throw new Error(state.rejection.code);
  let lentBase = 0n;
  for (const who of WHO) {
    for (let lane = 0; lane < LANES_USED; lane += 1) {
      const row = state.value.row(LANES, laneId(signerOf(who).address, lane));
      lentBase += row?.deposit.depositBase ?? 0n;
    }
  }
  for (const { id } of node.jobs(1_000)) {
    lentBase += state.value.row(JOBS, id)?.deposit.depositBase ?? 0n;
  }
  return lentBase;
}

const sum = (money: Money) =>
  Object.values(money.balances).reduce((all, one) => all + one, money.lent);

/** Nobody has more than before, what is gone are fees and loans, and the named bonds stay held. */
export function expectNothingPaid(
  before: Money,
  after: Money,
  bondBase: bigint,
  loses: readonly Who[],
): void {
  expect(after.minted).toBe(before.minted);
  expect(sum(before) - sum(after)).toBe(after.burned - before.burned);
  expect(after.balances.pool).toBe(before.balances.pool);
  for (const who of WHO) {
    expect(after.balances[who], who).toBeLessThanOrEqual(before.balances[who]);
    const held = loses.includes(who) ? bondBase : 0n;
    expect(after.held[who] - before.held[who], `bond of ${who}`).toBe(held);
  }
}

/** The price was minted once and split 85/10/5; no bond stays held. */
export function expectPaidOnce(before: Money, after: Money, priceBase: bigint): void {
  expect(after.minted - before.minted).toBe(priceBase);
  expect(sum(after) - sum(before)).toBe(priceBase - (after.burned - before.burned));
  expect(after.balances.pool - before.balances.pool).toBe(splitPrice(priceBase).pool);
  for (const who of ["worker", "second", "verifier", "outsider"] as const) {
    expect(after.balances[who], who).toBeLessThanOrEqual(before.balances[who]);
  }
  expect(after.held).toEqual(before.held);
}
