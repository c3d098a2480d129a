/** Decides how gradients are found: reverse through the ops, each with its own file's rule. */
import { invariant } from "../../contract/outcome.ts";
import { sameShape } from "../ops/op.ts";
import type { GraphValue } from "../ops/op.ts";
import { opNamed } from "../ops/registry.ts";
import { GraphStop } from "./builder.ts";
import type { ProgramBuilder } from "./builder.ts";
import type { OpRecord, ValueRef } from "./program.ts";

const keyOf = (ref: ValueRef): string => `${ref.from}${ref.index}`;

/** For each op so far: whether its value depends on one of `targets`. */
function dependents(ops: readonly OpRecord[], targets: readonly GraphValue[]): Set<string> {
  const keys = new Set(targets.map((target) => keyOf(target.ref)));
  for (const [index, { inputs }] of ops.entries()) {
    if (inputs.some((ref) => keys.has(keyOf(ref)))) keys.add(keyOf({ from: "op", index }));
  }
  return keys;
}

/** What `partsOf` asks about values. */
interface Values {
  needed(ref: ValueRef): boolean;
  valueOf(ref: ValueRef): GraphValue;
}

/** The inputs that op `index` hands its gradient on to, and what each of them gets. */
function partsOf(
  builder: ProgramBuilder,
  record: OpRecord,
  index: number,
  outputGradient: GraphValue,
  { needed, valueOf }: Values,
): { inputs: readonly ValueRef[]; parts: readonly (GraphValue | undefined)[] } {
  const composite = builder.compositeAt(index);
  if (composite !== undefined) {
    const inputs = composite.inputs.map(({ ref }) => ref);
    return { inputs, parts: composite.gradient({ outputGradient, needed: inputs.map(needed) }) };
  }
  const rule = opNamed(record.op)?.gradient;
  if (rule === undefined) {
    throw new GraphStop({ code: "ENGINE_NO_GRADIENT", facts: { op: record.op } });
  }
  const parts = rule({
    graph: builder,
    inputs: record.inputs.map(valueOf),
    attributes: record.attributes,
    output: valueOf({ from: "op", index }),
    outputGradient,
    needed: record.inputs.map(needed),
  });
  return { inputs: record.inputs, parts };
}

/**
 * Appends the backward pass.
 * @param from     the value whose gradient is known
 * @param seed     that gradient, of the same shape
 * @param targets  values to differentiate by, usually states
 * @returns        one gradient a target; zeros where `from` does not depend on it
 * Stops the construction with ENGINE_NO_GRADIENT where a needed op has none.
 */
export function appendGradients(
  builder: ProgramBuilder,
  from: GraphValue,
  seed: GraphValue,
  targets: readonly GraphValue[],
): readonly GraphValue[] {
  invariant(sameShape(from.shape, seed.shape), "the seed has the value's shape");
  const forward = [...builder.ops];
  const needed = dependents(forward, targets);
  const gradients = new Map<string, GraphValue>([[keyOf(from.ref), seed]]);
  const valueOf = (ref: ValueRef): GraphValue => {
    if (ref.from === "op") return { ref, shape: forward[ref.index].shape };
    return { ref, shape: builder.states[ref.index].shape };
  };
  for (let index = forward.length - 1; index >= 0; index -= 1) {
    const key = keyOf({ from: "op", index });
    const outputGradient = gradients.get(key);
    if (outputGradient === undefined || !needed.has(key)) continue;
    const { inputs, parts } = partsOf(builder, forward[index], index, outputGradient, {
      needed: (ref) => needed.has(keyOf(ref)),
      valueOf,
    });
    for (const [input, ref] of inputs.entries()) {
      const part = parts[input];
      if (part === undefined || !needed.has(keyOf(ref))) continue;
      const held = gradients.get(keyOf(ref));
      gradients.set(keyOf(ref), held === undefined ? part : builder.op("add", [held, part]));
    }
  }
  return targets.map((target) => {
    return gradients.get(keyOf(target.ref)) ?? builder.filled(0, target.shape);
  });
}
