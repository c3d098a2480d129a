/**
 * Decides what a compiled step program is: a static SSA list of primitive ops with static shapes,
 * forward, backward and update in one. The wire form is in `wire.ts`, the rule in
 * ARCHITECTURE.md section 4 "Programs".
 */

/** Dimensions, outermost first. A scalar is [1]; there is no rank 0. */
export type Shape = readonly number[];

/** A value in the program: a state tensor as it was before the step, or an op's only output. */
export type ValueRef =
  | { readonly from: "state"; readonly index: number }
  | { readonly from: "op"; readonly index: number };

/** One primitive op. Attributes are int32 in the order its op file declares. */
export interface OpRecord {
  readonly op: string;
  readonly inputs: readonly ValueRef[];
  readonly attributes: readonly number[];
  readonly shape: Shape;
}

/** How a state tensor gets its first value, a pure function of the job seed (NUMERICS.md). */
export type Initialiser =
  | { readonly kind: "zeros" }
  | { readonly kind: "constant"; readonly bits: number }
  /** Uniform in [-bound, bound); `boundBits` is the f32 bit pattern of the bound. */
  | { readonly kind: "uniform"; readonly boundBits: number };

/** A named f32 tensor that lives from step to step. */
export interface StateTensor {
  readonly name: string;
  readonly shape: Shape;
  readonly initialiser: Initialiser;
}

/** After the step, state tensor `state` takes `value` (same shape). All updates happen at once. */
export interface StateUpdate {
  readonly state: number;
  readonly value: ValueRef;
}

/** A value the program shows after each step, such as "loss" (shape [1]) or "logits". */
export interface ProgramOutput {
  readonly name: string;
  readonly value: ValueRef;
}

/** The whole step. Op 0 is `load`; an op refers only to earlier ops. */
export interface Program {
  readonly states: readonly StateTensor[];
  readonly ops: readonly OpRecord[];
  readonly updates: readonly StateUpdate[];
  readonly outputs: readonly ProgramOutput[];
}
