/** Decides what counts as earned: what the ledger paid to this machine, newest first. */

import type { HistoryEntry, RewardEnergy } from "../../src-main/contract/control-api/wallet.ts";
import { accept } from "../../src-main/contract/outcome.ts";
import { startOfDay } from "../text/times.ts";
import type { Daemon } from "./daemon.svelte.ts";
import { Loader } from "./loader.svelte.ts";

/** Entries of the history that are read; the daemon answers no more. */
const ENTRIES_MAX = 200;

const HOURS = 24;
const HOUR_MS = 3_600_000;

/** What one slot paid to this machine. */
export interface Reward {
  readonly slot: number;
  readonly timeMs: number | null;
  readonly amountBase: bigint;
  readonly parts: readonly RewardPart[];
  /** What each training that it paid for took. */
  readonly energies: readonly RewardEnergy[];
}

/** A part of it, by share. */
export interface RewardPart {
  readonly share: string;
  readonly account: string;
  readonly amountBase: bigint;
}

/** Payments to this machine. */
export class Rewards {
  readonly list = new Loader<readonly Reward[]>();
  readonly #daemon: Daemon;

  constructor(daemon: Daemon) {
    this.#daemon = daemon;
  }

  /** Fetches the history. */
  async refresh(): Promise<void> {
    await this.list.load(async () => {
      const answer = await this.#daemon.call("wallet.history", { limit: ENTRIES_MAX });
      return answer.ok ? accept(rewardsOf(answer.value.entries)) : answer;
    });
  }

  /** Sum since midnight. */
  today(nowMs: number): bigint {
    const from = startOfDay(nowMs);
    return sumOf((this.list.value ?? []).filter((one) => (one.timeMs ?? 0) >= from));
  }

  /** Sums of the last 24 hours, oldest first, as shares of the largest. */
  byHour(nowMs: number): number[] {
    const sums = Array.from({ length: HOURS }, () => 0n);
    for (const { timeMs, amountBase } of this.list.value ?? []) {
      const hour = HOURS - 1 - Math.floor((nowMs - (timeMs ?? 0)) / HOUR_MS);
      if (hour >= 0 && hour < HOURS) sums[hour] += amountBase;
    }
    const most = sums.reduce((max, sum) => (sum > max ? sum : max), 0n);
    return sums.map((sum) => (most === 0n ? 0 : Number((sum * 1_000n) / most) / 1_000));
  }
}

function sumOf(rewards: readonly Reward[]): bigint {
  return rewards.reduce((sum, one) => sum + one.amountBase, 0n);
}

function rewardsOf(entries: readonly HistoryEntry[]): Reward[] {
  const bySlot = new Map<number, Reward>();
  for (const { slot, timeMs, what, changeBase, account, energy } of entries) {
    if (!what.startsWith("paid ") || changeBase === null) continue;
    const amountBase = BigInt(changeBase);
    const part = { share: what.slice("paid ".length), account, amountBase };
    const known = bySlot.get(slot);
    bySlot.set(slot, {
      slot,
      timeMs,
      amountBase: (known?.amountBase ?? 0n) + amountBase,
      parts: [...(known?.parts ?? []), part],
      energies: [...(known?.energies ?? []), ...(energy === undefined ? [] : [energy])],
    });
  }
  return [...bySlot.values()];
}
