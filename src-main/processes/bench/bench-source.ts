/**
 * Decides what `vivian bench` must know of a way of computing: what of it is here, how one is
 * opened, and how much of it can be measured in a few seconds.
 */

import type { MeasureOptions } from "../../miner/index.ts";
import type { EngineBackend } from "../../ports/engine-backend.ts";

/** One thing to measure. */
export interface BenchChoice {
  /** As `vivian devices` calls it: "cpu0", "gpu0". */
  readonly device: string;
  /** The device's own name. */
  readonly name: string;
  /** What tells it from the source's other choices; null where there is one. */
  readonly variant: string | null;
  readonly threads: number;
  /** Whether a processor plays this device, so that less of it is measured. */
  readonly isSlow: boolean;
}

/** What is measured where nothing else is said. */
export interface BenchWish {
  /** Threads that mining would take. */
  readonly threads: number;
  /** Slower variants as well. */
  readonly all: boolean;
}

/** A way of computing. */
export interface BenchSource {
  readonly engine: string;
  /** Whether its bytes are to be the reference's. */
  readonly isExact: boolean;
  /** What is here. Throws a Fault where nothing of it can be used. */
  choices(wish: BenchWish): Promise<readonly BenchChoice[]>;
  open(choice: BenchChoice): Promise<EngineBackend>;
  options(choice: BenchChoice): MeasureOptions;
  /** Ops whose bytes are not the reference's; absent where there is nothing to compare. */
  wrongOps?(backend: EngineBackend): Promise<readonly string[]>;
}

/** Long enough for a steady median, a few seconds over all. */
export const FAST: MeasureOptions = {
  productSize: 1_024,
  eachMs: 300,
  mostMs: 1_500,
  products: ["I14", "I8"],
  steps: ["cnn", "mlp", "transformer"],
};

/** For what takes a hundred times as long. */
export const SLOW: MeasureOptions = {
  productSize: 128,
  eachMs: 100,
  mostMs: 500,
  products: ["I14", "I8"],
  steps: ["mlp"],
};
