/**
 * Decides how a worker doubts its own device: random elements of random ops of one random step of
 * each segment are computed again on the reference, from the very values the device used. A
 * device that rounds wrongly now and then loses its bond; better it stops here.
 */

import { Fault } from "../../contract/outcome.ts";
import { evaluateOpElement } from "../../engine/index.ts";
import type { Program, ValueRef } from "../../engine/index.ts";
import type { EngineSession } from "../../ports/engine-backend.ts";
import type { Entropy } from "../../ports/entropy.ts";
import { SPOT_ELEMENTS, SPOT_OPS } from "../limits.ts";
import type { Batch } from "../training/batch-source.ts";

/** A uniform number in 0..end-1; 48 bits make the unevenness too small to matter here. */
export function drawNumber(entropy: Entropy, end: number): number {
  const bytes = entropy.bytes(6);
  let value = 0;
  for (const byte of bytes) value = value * 256 + byte;
  return value % end;
}

/** What is checked of one step: ops, and the states they read, taken before the step. */
export class SpotCheck {
  readonly #program: Program;
  readonly #entropy: Entropy;
  readonly #ops: readonly number[];
  readonly #states = new Map<number, Float32Array>();

  constructor(program: Program, entropy: Entropy) {
    this.#program = program;
    this.#entropy = entropy;
    const count = Math.min(SPOT_OPS, program.ops.length);
    this.#ops = Array.from({ length: count }, () => drawNumber(entropy, program.ops.length));
  }

  /** Before the step: keeps the states the chosen ops read, since the step replaces them. */
  async prepare(session: EngineSession): Promise<void> {
    for (const { from, index } of this.#inputs()) {
      if (from === "state" && !this.#states.has(index)) {
        this.#states.set(index, await session.download(index));
      }
    }
  }

  /**
   * After the step: computes the chosen elements again.
   * Throws Fault MINER_NOT_EXACT with op, element and both bit patterns when one differs.
   */
  async verify(session: EngineSession, step: number, batch: Batch): Promise<void> {
    const values = await this.#load(session);
    const read = ({ from, index }: ValueRef): Float32Array => {
      const value = from === "state" ? this.#states.get(index) : values.get(index);
      if (value === undefined) throw new Fault("MINER_NOT_EXACT", "an input was not kept");
      return value;
    };
    const input = { step, batch: batch.bytes };
    for (const op of this.#ops) {
      const computed = read({ from: "op", index: op });
      for (let turn = 0; turn < SPOT_ELEMENTS; turn += 1) {
        const element = drawNumber(this.#entropy, computed.length);
        const expected = evaluateOpElement(this.#program, op, element, input, read);
        if (!Object.is(expected, computed[element])) {
          throw notExact(this.#program.ops[op].op, { op, element, step }, expected, computed);
        }
      }
    }
  }

  /** Values of the chosen ops and of the ops they read. */
  async #load(session: EngineSession): Promise<ReadonlyMap<number, Float32Array>> {
    const read = this.#inputs().flatMap(({ from, index }) => (from === "op" ? [index] : []));
    const ops = [...new Set([...this.#ops, ...read])];
    const together = await session.values?.(ops);
    const values = new Map<number, Float32Array>();
    for (const [at, op] of ops.entries())
      values.set(op, together?.[at] ?? (await session.value(op)));
    return values;
  }

  #inputs(): readonly ValueRef[] {
    return this.#ops.flatMap((op) => this.#program.ops[op].inputs);
  }
}

function notExact(
  name: string,
  place: { readonly op: number; readonly element: number; readonly step: number },
  expected: number,
  computed: Float32Array,
): Fault {
  return new Fault("MINER_NOT_EXACT", `not exact here: op ${name}`, {
    name,
    ...place,
    expected,
    computed: computed[place.element],
  });
}
