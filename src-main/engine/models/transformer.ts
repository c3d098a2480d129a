/**
 * Decides what the layers of a model that reads tokens become: embedding, pre-norm blocks of causal
 * attention and an mlp (Radford et al. 2019, GPT-2), norms and the head (NUMERICS.md,
 * "Transformer").
 */
import { canon } from "../canon.ts";
import { appendCausalAttention } from "../composites/causal-attention.ts";
import { appendLayerNorm } from "../composites/layer-norm.ts";
import { appendRmsNorm } from "../composites/rms-norm.ts";
import { appendRotary } from "../composites/rotary.ts";
import type { GraphValue } from "../ops/op.ts";
import type {
  EmbeddingLayer,
  Layer,
  SequenceLayer,
  TransformerBlockLayer,
} from "./model-config.ts";
import { ONES, refuseLayer, uniform } from "./model-writer.ts";
import type { ModelWriter, Place } from "./model-writer.ts";

/** Inside the root of every norm. */
const EPSILON = canon(1e-5);

/** Standard deviation 0.02 of the embedding and the positions, as GPT-2 begins. */
const EMBEDDING_BOUND = 0.02 * Math.sqrt(3);

/** Names of the embedding's two tables; a tied head reads the first again. */
interface Tables {
  readonly vocabulary: number;
  readonly embedding: { readonly layer: EmbeddingLayer; readonly table: GraphValue } | undefined;
}

/** Uniform with variance 1 / inputs (LeCun et al. 1998). */
const leCun = (inputs: number) => uniform(Math.sqrt(3 / inputs));

/** Shape of what a norm learns: one number a column. */
const widthOf = ({ shape }: GraphValue) => [shape[shape.length - 1]];

/** Writes the layers of one forward pass over tokens. */
export class SequenceWriter {
  readonly #writer: ModelWriter;
  /** What the blocks' last layers are scaled down by: √(2 · blocks), as GPT-2 begins. */
  readonly #depthScale: number;
  #tables: Tables;

  constructor(writer: ModelWriter, layers: readonly Layer[], vocabulary: number) {
    const blocks = layers.filter(({ type }) => type === "transformer-block").length;
    this.#writer = writer;
    this.#depthScale = Math.sqrt(2 * Math.max(1, blocks));
    this.#tables = { vocabulary, embedding: undefined };
  }

  /**
   * The value after the layer; tokens are [B, T], everything else [B, T, D]. Norms take vectors and
   * images as well.
   */
  append(value: GraphValue, layer: SequenceLayer, index: Place): GraphValue {
    if (layer.type === "embedding") {
      if (value.shape.length !== 2 || index !== 0) refuseLayer(index, "embedding reads the tokens");
      return this.#embed(value, layer);
    }
    const isNorm = layer.type === "layer-norm" || layer.type === "rms-norm";
    if (!isNorm && value.shape.length !== 3) {
      refuseLayer(index, `${layer.type} takes a sequence of vectors`);
    }
    switch (layer.type) {
      case "transformer-block":
        return this.#block(value, layer, index);
      case "layer-norm":
        return this.#norm(value, `layer-${index}`, layer.epsilon);
      case "rms-norm": {
        const gain = this.#writer.parameter(`layer-${index}/gain`, widthOf(value), ONES);
        return appendRmsNorm(this.#writer.builder, value, gain, EPSILON);
      }
      case "token-head":
        return this.#head(value, layer.tied, index);
    }
  }

  #embed(tokens: GraphValue, layer: EmbeddingLayer): GraphValue {
    const { builder } = this.#writer;
    const start = uniform(EMBEDDING_BOUND);
    const shape = [this.#tables.vocabulary, layer.width];
    const table = this.#writer.parameter("layer-0/table", shape, start);
    this.#tables = { ...this.#tables, embedding: { layer, table } };
    const vectors = builder.op("embedding", [table, tokens]);
    if (layer.positions === "rotary") return vectors;
    const [, length] = tokens.shape;
    const positions = this.#writer.parameter("layer-0/positions", [length, layer.width], start);
    const once = builder.op("reshape", [positions], [], [1, length, layer.width]);
    return builder.op("add", [vectors, once]);
  }

  #norm(value: GraphValue, name: string, epsilon?: number): GraphValue {
    const gain = this.#writer.parameter(`${name}/gain`, widthOf(value), ONES);
    const shift = this.#writer.parameter(`${name}/shift`, widthOf(value), { kind: "zeros" });
    const inside = epsilon === undefined ? EPSILON : canon(epsilon);
    return appendLayerNorm(this.#writer.builder, value, gain, shift, inside);
  }

  #block(value: GraphValue, layer: TransformerBlockLayer, index: Place): GraphValue {
    const { builder } = this.#writer;
    const name = `layer-${index}`;
    const width = value.shape[2];
    const headWidth = width / layer.heads;
    if (!Number.isInteger(headWidth)) refuseLayer(index, "heads divide the width");
    const attended = this.#attend(this.#norm(value, `${name}/norm-1`), layer.heads, name, index);
    const last = uniform(Math.sqrt(3 / width) / this.#depthScale);
    const mixed = this.#writer.linear(`${name}/attention`, attended, width, last);
    const middle = builder.op("add", [value, mixed]);
    const normal = this.#norm(middle, `${name}/norm-2`);
    const wide = this.#writer.linear(`${name}/mlp-1`, normal, layer.hidden, leCun(width));
    const bent = builder.op("gelu", [wide]);
    const narrow = uniform(Math.sqrt(3 / layer.hidden) / this.#depthScale);
    return builder.op("add", [middle, this.#writer.linear(`${name}/mlp-2`, bent, width, narrow)]);
  }

  /** Attention of all heads, joined again, [B, T, D]. */
  #attend(x: GraphValue, heads: number, name: string, index: Place): GraphValue {
    const { builder } = this.#writer;
    const [batch, length, width] = x.shape;
    const headWidth = width / heads;
    const apart = (part: string): GraphValue => {
      const flat = this.#writer.linear(`${name}/${part}`, x, width, leCun(width));
      const split = builder.op("reshape", [flat], [], [batch, length, heads, headWidth]);
      const moved = builder.op("transpose", [split], [0, 2, 1, 3]);
      return builder.op("reshape", [moved], [], [batch * heads, length, headWidth]);
    };
    let [queries, keys] = [apart("query"), apart("key")];
    if (this.#tables.embedding?.layer.positions === "rotary") {
      if (headWidth % 2 !== 0) refuseLayer(index, "rotary positions turn pairs: even head width");
      [queries, keys] = [appendRotary(builder, queries), appendRotary(builder, keys)];
    }
    const mixed = appendCausalAttention(
      builder,
      [queries, keys, apart("value")],
      this.#writer.profile,
    );
    const split = builder.op("reshape", [mixed], [], [batch, heads, length, headWidth]);
    const moved = builder.op("transpose", [split], [0, 2, 1, 3]);
    return builder.op("reshape", [moved], [], [batch, length, width]);
  }

  /** [B·T, vocabulary]: one row of logits a position. */
  #head(value: GraphValue, tied: boolean, index: Place): GraphValue {
    const { builder, profile } = this.#writer;
    const [batch, length, width] = value.shape;
    const { vocabulary, embedding } = this.#tables;
    const rows = builder.op("reshape", [value], [], [batch * length, width]);
    if (!tied) {
      const shape = [width, vocabulary];
      const weights = this.#writer.parameter(`layer-${index}/weights`, shape, leCun(width));
      return builder.op("matmul", [rows, weights], [profile]);
    }
    if (embedding === undefined || embedding.layer.width !== width) {
      refuseLayer(index, "a tied head reads the table of an embedding of its width");
    }
    const weights = builder.op("transpose", [embedding.table], [1, 0]);
    return builder.op("matmul", [rows, weights], [profile]);
  }
}
