/**
 * Decides when a lone validator seals a commit and what it signs, as (state, event) → (state,
 * actions). It signs the same notarize and finalize statements a set of validators would, so its
 * certificates have the lasting form (ARCHITECTURE.md section 7, "Practice").
 */

import { accept } from "../contract/outcome.ts";
import type { Outcome } from "../contract/outcome.ts";
import { epochAfter, leastCommitTime, statementOf } from "../ledger/index.ts";
import type { Genesis, Head, NextDue, Statement } from "../ledger/index.ts";
import { guardedStatement } from "./sign-guard.ts";
import type { SignGuard } from "./sign-guard.ts";

/** What happened, as the node reports it. Times are milliseconds. */
export type SoloEvent =
  /** The clock; sent when a `wake` asked for it, and as often as one likes. */
  | { readonly kind: "clock"; readonly now: bigint }
  /** Records that wait for inclusion. */
  | { readonly kind: "pending"; readonly count: number }
  /** The proposed commit was built and executed, not stored. */
  | { readonly kind: "built"; readonly head: Head }
  /** The proposed commit could not be built; it is proposed again when the clock next speaks. */
  | { readonly kind: "failed" }
  /** The commit was certified and stored. */
  | {
      readonly kind: "stored";
      readonly head: Head;
      readonly due: NextDue;
      /** Whether it held records or had effects: then its outcomes want a name. */
      readonly busy: boolean;
    };

/** What the node must do, in order. */
export type SoloAction =
  /** Build and execute a commit of at most as many records as wait; answer `built` or `failed`. */
  | {
      readonly kind: "propose";
      readonly number: bigint;
      readonly epoch: bigint;
      readonly view: bigint;
      readonly parentView: bigint;
      readonly time: bigint;
    }
  /** Write the guard to disk and sync before any `sign` after it. */
  | { readonly kind: "persist-guard"; readonly guard: SignGuard }
  /** Sign the statement; both make the certificates. Store the finalization, answer `stored`. */
  | { readonly kind: "sign"; readonly statement: Statement }
  /** Send `clock` at that time, or any event before. */
  | { readonly kind: "wake"; readonly at: bigint };

/** The sealer's whole memory. */
export interface SoloState {
  readonly genesis: Genesis;
  readonly head: Head;
  readonly guard: SignGuard;
  readonly due: NextDue;
  /** Whether outcomes of the newest commit are named by no certified commit yet. */
  readonly unnamed: boolean;
  readonly pending: number;
  readonly now: bigint;
  /** View being proposed; undefined between commits. */
  readonly proposing: bigint | undefined;
  /** Whether a build failed; then only the clock starts the next one. */
  readonly resting: boolean;
}

/** A step's result. */
export interface SoloStep {
  readonly state: SoloState;
  readonly actions: readonly SoloAction[];
}

/** What a sealer starts from: what the store holds. */
export interface SoloStart {
  readonly genesis: Genesis;
  readonly head: Head;
  readonly guard: SignGuard;
  readonly due: NextDue;
  readonly unnamed: boolean;
  readonly now: bigint;
}

/** The state after opening a store; send `clock` next. */
export function soloState(start: SoloStart): SoloState {
  return { ...start, pending: 0, proposing: undefined, resting: false };
}

/**
 * One step. Pure: the same state and event give the same actions.
 * @rejects CONSENSUS_GUARD when signing would contradict the guard; the sealer must stop then
 */
export function soloStep(state: SoloState, event: SoloEvent): Outcome<SoloStep> {
  switch (event.kind) {
    case "clock": {
      const now = event.now > state.now ? event.now : state.now;
      return accept(decided({ ...state, now, resting: false }));
    }
    case "pending":
      return accept(decided({ ...state, pending: event.count }));
    case "failed":
      return accept(decided({ ...state, proposing: undefined, resting: true }));
    case "built":
      return signed(state, event.head);
    case "stored": {
      const { head, due, busy } = event;
      return accept(decided({ ...state, head, due, unnamed: busy, proposing: undefined }));
    }
  }
}

/** Proposes when there is a reason and the time has come; else says when to look again. */
function decided(state: SoloState): SoloStep {
  if (state.proposing !== undefined) return { state, actions: [] };
  const { genesis, head, due, now } = state;
  const least = leastCommitTime(genesis, head);
  const view = nextView(state);
  // A challenge waits for a view, and views pass only by commits: empty ones until it is drawn.
  const reason = state.pending > 0 || state.unnamed || due.view !== undefined;
  if (!reason && due.time === undefined) return { state, actions: [] };
  const from = reason || due.time === undefined || due.time < least ? least : due.time;
  if (now < from || state.resting) {
    // After a failed build the next look is one interval away, not in the same instant.
    const later = now + genesis.constants.commitIntervalMs;
    const at = state.resting && later > from ? later : from;
    return { state, actions: [{ kind: "wake", at }] };
  }
  const action: SoloAction = {
    kind: "propose",
    number: head.number + 1n,
    epoch: epochAfter(genesis, head),
    view,
    parentView: head.view,
    time: now,
  };
  return { state: { ...state, proposing: view }, actions: [action] };
}

/**
 * The view to propose in: after the parent's and after every view signed before. A crash between
 * signing and storing leaves a view behind that is never signed again.
 */
function nextView(state: SoloState): bigint {
  const { notarize, nullify, finalize } = state.guard;
  let view = state.head.view;
  for (const last of [notarize, nullify, finalize]) {
    if (last !== undefined && last.view > view) view = last.view;
  }
  return view + 1n;
}

/** Both statements about the built commit, behind one guard write. */
function signed(state: SoloState, built: Head): Outcome<SoloStep> {
  // A late answer to an abandoned proposal says nothing.
  if (state.proposing === undefined || built.view !== state.proposing) {
    return accept({ state, actions: [] });
  }
  const parentView = state.head.view;
  const notarize = statementOf("notarize", built, parentView);
  const finalize = statementOf("finalize", built, parentView);
  const once = guardedStatement(state.guard, notarize);
  const both = once.ok ? guardedStatement(once.value, finalize) : once;
  if (!both.ok) return both;
  const guard = both.value;
  return accept({
    state: { ...state, guard },
    actions: [
      { kind: "persist-guard", guard },
      { kind: "sign", statement: notarize },
      { kind: "sign", statement: finalize },
    ],
  });
}
