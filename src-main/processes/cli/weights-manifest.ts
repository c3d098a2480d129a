/**
 * Decides what is written beside trained weights: where each tensor lies in the file, what the
 * model and its classes are, how the data was read, and what proves all of it.
 */

import type { Holdout, KeptDataSet, OwnText, Weights } from "../../contract/control-api/index.ts";
import { reject, accept } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import {
  compileEvaluation,
  compileTraining,
  decodeState,
  elementCount,
  parseModel,
  stateRoot,
} from "../../engine/index.ts";
import type { Program } from "../../engine/index.ts";
import { bytesToHex } from "../../contract/bytes.ts";
import type { Hasher } from "../../crypto/index.ts";

/** Format of the manifest; the state bytes are those of engine/state/state-bytes. */
const FORMAT = "vivian-weights/1";

/** A tensor of the file: little-endian f32, row-major. */
export interface ManifestTensor {
  readonly name: string;
  readonly shape: readonly number[];
  /** Byte of the file where its first value stands. */
  readonly offset: number;
  readonly bytes: number;
  /** False for what only training needs, such as momentum. */
  readonly inModel: boolean;
}

/** The whole manifest, as JSON has it. */
export type Manifest = ReturnType<typeof manifestOf>;

/**
 * Checks weights against the root the ledger names and describes them.
 * @rejects PROCESSES_WEIGHTS_ROOT with what differs
 */
export function describeWeights(
  hasher: Hasher,
  weights: Weights,
  bytes: Uint8Array,
  kept: KeptDataSet | null,
): Outcome<Manifest> {
  if (bytesToHex(hasher(bytes)) !== weights.sha256) {
    return reject("PROCESSES_WEIGHTS_ROOT", { differs: "SHA-256 of the file" });
  }
  const model = parseModel(weights.model);
  if (!model.ok) return model;
  const program = compileTraining(model.value);
  if (!program.ok) return program;
  const evaluation = compileEvaluation(model.value, 1);
  if (!evaluation.ok) return evaluation;
  const states = decodeState(program.value, bytes);
  if (!states.ok) return states;
  const root = bytesToHex(stateRoot(hasher, program.value, states.value));
  if (root !== weights.endRoot) {
    return reject("PROCESSES_WEIGHTS_ROOT", { differs: "state root", root });
  }
  const inModel = new Set(evaluation.value.states.map(({ name }) => name));
  return accept(manifestOf(weights, tensorsOf(program.value, inModel), kept));
}

function tensorsOf({ states }: Program, inModel: ReadonlySet<string>): ManifestTensor[] {
  // As engine/state/state-bytes lays them out: version and count, then rank, dimensions, values.
  let at = 8;
  return states.map(({ name, shape }) => {
    const offset = at + 4 + 4 * shape.length;
    const bytes = 4 * elementCount(shape);
    at = offset + bytes;
    return { name, shape: [...shape], offset, bytes, inModel: inModel.has(name) };
  });
}

function manifestOf(
  weights: Weights,
  tensors: readonly ManifestTensor[],
  kept: KeptDataSet | null,
) {
  const { data, holdout, reveal, paid } = weights;
  return {
    format: FORMAT,
    name: weights.name,
    job: weights.job,
    unit: weights.unit,
    weights: {
      file: WEIGHTS_FILE,
      sha256: weights.sha256,
      stateRoot: weights.endRoot,
      numbers: "f32, little-endian, row-major",
      tensors,
    },
    model: JSON.parse(weights.model) as unknown,
    steps: weights.steps,
    specificationHash: weights.specificationHash,
    holdout: holdout === null ? null : judged(holdout),
    data: {
      root: weights.datasetRoot,
      name: data?.name ?? null,
      about: data?.note ?? null,
      classNames: data?.classNames ?? [],
      columns: kept?.columns ?? [],
      text: textOf(data?.text ?? null, kept),
    },
    receipts: {
      reveal: reveal === null ? null : { file: REVEAL_FILE, slot: reveal.slot },
      paid: { file: PAID_FILE, slot: paid.slot },
    },
  };
}

/** A classifier is judged by its share of right answers, a text's model by its loss alone. */
function judged(holdout: Holdout) {
  const { correct, total, text } = holdout;
  return text === null ? { ...holdout, accuracy: correct / total } : { total, text };
}

/** What turns a new text into the model's tokens, and its tokens into text. */
export interface ModelTokens {
  readonly tokens: OwnText["tokens"];
  /** Of pieces of words: whose numbers the vocabulary holds. */
  readonly encoding?: string;
  readonly context: number;
  readonly vocabulary: readonly number[];
}

function textOf(text: OwnText | null, kept: KeptDataSet | null): ModelTokens | null {
  if (text === null) return null;
  const { tokens, context } = text;
  const encoding = tokens === "gpt" ? { encoding: "o200k_base" } : {};
  return { tokens, ...encoding, context, vocabulary: kept?.vocabulary ?? [] };
}

/** Names of what is written. */
export const WEIGHTS_FILE = "weights.bin";
export const MANIFEST_FILE = "weights.json";
export const REVEAL_FILE = "reveal.receipt";
export const PAID_FILE = "paid.receipt";
