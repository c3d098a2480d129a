/**
 * Decides which weight a name such as `layers/conv2d_1/vars/0` means, as converters write them out
 * of `.keras` files. By keras/src/saving/saving_lib.py a layer is known there by its class and how
 * many of that class stand before it, in some versions by its own name; its weights are numbered in
 * the order in which it made them. Read from that source, not from a file of each version.
 */
import type { ModelSlot } from "./convert-model.ts";
import type { KerasLayer } from "./keras-layer.ts";
import { stop } from "./keras-stop.ts";

/** The layer's part of the name, and the weight's number. */
const NUMBERED = /(?:^|\/)([^/]+)\/vars\/(\d+)$/;

/** "DepthwiseConv2D" as "depthwise_conv2d" (keras/src/utils/naming.py). */
export function snakeCase(kind: string): string {
  return kind
    .replaceAll(/\W+/g, "")
    .replaceAll(/(.)([A-Z][a-z]+)/g, "$1_$2")
    .replaceAll(/([a-z])([A-Z])/g, "$1_$2")
    .toLowerCase();
}

/** What each layer is called by its class and its place among those. */
function namesByClass(layers: readonly KerasLayer[]): ReadonlyMap<string, string> {
  const counts = new Map<string, number>();
  const named = layers.map(({ kind, name }) => {
    const base = snakeCase(kind);
    const count = counts.get(base) ?? 0;
    counts.set(base, count + 1);
    return [name, count === 0 ? base : `${base}_${count}`] as const;
  });
  return new Map(named);
}

/** Names by layer's part and number; stops where two mean the same. */
function numberedIn(names: Iterable<string>): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const name of names) {
    const [, layer, number] = NUMBERED.exec(name) ?? [];
    if (layer === undefined) continue;
    const key = `${layer}/${Number(number)}`;
    if (found.has(key)) {
      const rule = 'names that tell layers apart; in Keras save as "FILE.h5" and convert that';
      stop("ENGINE_KERAS_FORM", { where: "weightsManifest", given: name, rule });
    }
    found.set(key, name);
  }
  return found;
}

/**
 * The names of the slots' weights where the file numbers them; empty where it does not.
 * @param layers  of the file, in its order
 * Stops with ENGINE_KERAS_FORM where a name may mean two weights.
 */
export function numberedNames(
  names: Iterable<string>,
  slots: readonly ModelSlot[],
  layers: readonly KerasLayer[],
): ReadonlyMap<ModelSlot, string> {
  const numbered = numberedIn(names);
  if (numbered.size === 0) return new Map();
  const counts = new Map<string, number>();
  const places = slots.map((slot) => {
    const number = counts.get(slot.layer) ?? 0;
    counts.set(slot.layer, number + 1);
    return { slot, number };
  });
  const read = (nameOf: (layer: string) => string | undefined) => {
    const pairs = places.flatMap(({ slot, number }) => {
      const name = numbered.get(`${nameOf(slot.layer)}/${number}`);
      return name === undefined ? [] : [[slot, name] as const];
    });
    return new Map(pairs);
  };
  const classes = namesByClass(layers);
  const [byClass, byName] = [read((layer) => classes.get(layer)), read((layer) => layer)];
  if (byName.size < slots.length) return byClass;
  if (byClass.size < slots.length) return byName;
  for (const [slot, name] of byClass) {
    if (byName.get(slot) === name) continue;
    const rule = 'names that mean one layer; in Keras save as "FILE.h5" and convert that';
    stop("ENGINE_KERAS_FORM", { where: "weightsManifest", given: name, rule });
  }
  return byClass;
}
