/** Decides what of a model.json is read: the topology, and where its weights lie. */
import type { Outcome } from "../../contract/outcome.ts";
import { decodeGroup } from "./decode-weights.ts";
import type { Weight } from "./decode-weights.ts";
import { objectAt, own } from "./foreign-value.ts";
import { ended, shownValue, stop } from "./keras-stop.ts";
import { readManifest } from "./read-manifest.ts";
import type { WeightGroup } from "./read-manifest.ts";

/** A model.json without the bytes of its weights. */
export interface ModelDocument {
  readonly topology: unknown;
  /** Null where it names no weights: a topology alone. */
  readonly groups: readonly WeightGroup[] | null;
}

/**
 * Reads the value of a model.json; a topology that was saved alone is one too.
 * @rejects ENGINE_KERAS_FORM, _FORMAT, _LIMIT, _WEIGHT_TYPE
 */
export function readModelDocument(value: unknown): Outcome<ModelDocument> {
  return ended(() => {
    const document = objectAt(value, "model.json");
    const format = own(document, "format") ?? "layers-model";
    if (format !== "layers-model") stop("ENGINE_KERAS_FORMAT", { given: shownValue(format) });
    const isAlone = !Object.hasOwn(document, "modelTopology");
    const manifest = own(document, "weightsManifest");
    return {
      topology: isAlone ? document : own(document, "modelTopology"),
      groups: manifest === undefined ? null : readManifest(manifest),
    };
  });
}

/**
 * The weights of a group.
 * @param bytes  of all its files, joined in order
 * @rejects ENGINE_KERAS_WEIGHT_BYTES, ENGINE_KERAS_NUMBER
 */
export function readWeights(
  group: WeightGroup,
  bytes: Uint8Array,
): Outcome<ReadonlyMap<string, Weight>> {
  return ended(() => decodeGroup(group, bytes));
}
