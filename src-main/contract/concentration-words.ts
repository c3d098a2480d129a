/**
 * Decides how concentration is said, in a terminal and on the page alike: one plain sentence a
 * number, the threshold named, and what an account-keeping ledger cannot see.
 */

import type { ConcentrationAnswer, Spread } from "./control-api/concentration.ts";
import { formatCount, formatNumberOf, formatPercent } from "./units.ts";

/** What is spread. */
export type SpreadKind = "votes" | "bonds" | "byWorker" | "byPayout" | "balances";

interface KindWords {
  readonly title: string;
  readonly one: string;
  readonly several: string;
  /** What enough of them have: "more than a third of the votes". */
  readonly has: string;
  /** Said where there is one holder. */
  readonly only: string;
  readonly none: string;
}

const WORDS: Readonly<Record<SpreadKind, KindWords>> = {
  votes: {
    title: "Votes",
    one: "validator",
    several: "validators",
    has: "more than a third of the votes and could halt the ledger",
    only: "One validator has every vote: when it stops, the ledger stops.",
    none: "No validator has a vote.",
  },
  bonds: {
    title: "Bonds",
    one: "bonded account",
    several: "bonded accounts",
    has: "more than a third of all bonds; a bond has no vote of its own",
    only: "One account has all that is bonded.",
    none: "Nobody has bonded anything yet.",
  },
  byWorker: {
    title: "Paid work, by worker",
    one: "worker",
    several: "workers",
    has: "more than half of what was paid for training",
    only: "One worker was paid for all of it.",
    none: "No work was paid in these commits yet.",
  },
  byPayout: {
    title: "Paid work, by payout address",
    one: "address",
    several: "addresses",
    has: "more than half of what was paid for training",
    only: "All of it was paid to one address.",
    none: "No work was paid in these commits yet.",
  },
  balances: {
    title: "Balances",
    one: "account",
    several: "accounts",
    has: "more than half of all balances",
    only: "One account has all balances.",
    none: "No account has a balance yet.",
  },
};

/** The name of what is spread. */
export function spreadTitle(kind: SpreadKind): string {
  return WORDS[kind].title;
}

/** What a number of holders means: "2 of 5 workers together had more than half of …". */
export function spreadSentence(kind: SpreadKind, spread: Spread | null): string {
  const { one, several, has, only, none } = WORDS[kind];
  if (spread === null) return none;
  const { holders, nakamoto } = spread;
  if (holders === 1) return only;
  const of = `${formatCount(nakamoto)} of ${formatNumberOf(holders, one, several)}`;
  return nakamoto === 1 ? `${of} alone has ${has}.` : `${of} together have ${has}.`;
}

/** "0.42": two digits are more than most ledgers' accounts are good for. */
export function giniText({ gini }: Spread): string {
  return (gini / 10_000).toFixed(2);
}

/** "the greatest has 38.2 %". */
export function greatestText({ greatest }: Spread): string {
  return `the greatest has ${formatPercent(greatest / 10_000)}`;
}

/** What the Gini coefficient means. */
export const GINI_MEANING = "Gini: 0 where all have the same, towards 1 where one has all.";

/** What no figure of a ledger of accounts can show. */
export const UNSEEN_PEOPLE =
  "The ledger sees accounts, not people: one person may hold many, so fewer people than accounts " +
  "may reach a threshold, and the Gini coefficient by person is not known.";

/** Why nothing stands here by class of device. */
export const UNSEEN_DEVICES =
  "Shares by class of device cannot be counted: a result is the same bytes on every device, and " +
  "no record says which one computed it.";

/**
 * Which commits paid work was counted over.
 * @param timeText  how the face writes a time
 */
export function windowSentence(
  { work }: ConcentrationAnswer,
  timeText: (timeMs: number) => string,
): string {
  const { fromCommit, toCommit, fromMs, payments, unattributed } = work;
  if (toCommit < fromCommit) return "Nothing was sealed yet.";
  const since = fromMs === null ? "" : ` since ${timeText(fromMs)}`;
  const units = formatNumberOf(payments, "unit", "units");
  const unknown =
    unattributed === 0 ? "" : `; of ${formatCount(unattributed)} the worker is not known here`;
  return (
    `${units} paid in commits ${formatCount(fromCommit)} to ${formatCount(toCommit)}` +
    `${since}${unknown}.`
  );
}

/** What the balances leave out. */
export function balancesSentence({ balances }: ConcentrationAnswer): string {
  const { spread, whole, circulatingBase } = balances;
  const all = BigInt(circulatingBase);
  if (spread === null || all === 0n) return "No balance was counted.";
  const share = Number((10_000n * BigInt(spread.total)) / all) / 10_000;
  const more = whole ? "" : " There are more accounts than were read.";
  return (
    `Balances counted are ${formatPercent(share)} of all VIV; the rest is in bonds, escrows and ` +
    `deposits, or with accounts this folder does not know.${more}`
  );
}
