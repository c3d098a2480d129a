/** Decides what tells one way of running the engine from another. */

/** An instruction-set level and a thread count. */
export interface Variant {
  readonly simd: string;
  readonly threads: number;
}
