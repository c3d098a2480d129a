/**
 * Decides the networks offered for text: GPT in small (Radford et al. 2019), larger for more text.
 * Heads are 32 wide, or 16 where that does not divide the width.
 */
import type { Layer } from "./model-config.ts";

/** What a person may say about the network. */
export interface GptSize {
  /** Transformer blocks. */
  readonly layers?: number;
  /** Elements of a token's vector, a multiple of 16. */
  readonly width?: number;
}

const HEAD_WIDTH = 32;
const NARROW_HEAD_WIDTH = 16;

/** Units of the mlp between its two layers, in widths. */
const HIDDEN = 4;

/** Largest network first; one that is large for its text learns the text by heart. */
const OFFERED = [
  { layers: 4, width: 128, tokensMin: 1_000_000 },
  { layers: 3, width: 96, tokensMin: 200_000 },
  { layers: 2, width: 64, tokensMin: 0 },
] as const;

function gptLayers(layers: number, width: number): readonly Layer[] {
  const heads = width % HEAD_WIDTH === 0 ? width / HEAD_WIDTH : width / NARROW_HEAD_WIDTH;
  return [
    { type: "embedding", width, positions: "learned" },
    ...Array.from({ length: layers }, (): Layer => {
      return { type: "transformer-block", heads, hidden: HIDDEN * width };
    }),
    { type: "layer-norm" },
    { type: "token-head", tied: false },
  ];
}

/** The layers of GPT in small, largest first; one alone where its size is asked for. */
export function defaultGptLayers(
  { trainCount, width: context }: { readonly trainCount: number; readonly width: number },
  { layers, width }: GptSize = {},
): readonly (readonly Layer[])[] {
  const offered = OFFERED.filter(({ tokensMin }) => trainCount * context >= tokensMin);
  const sized = offered.map((size) => gptLayers(layers ?? size.layers, width ?? size.width));
  return layers === undefined && width === undefined ? sized : sized.slice(0, 1);
}
