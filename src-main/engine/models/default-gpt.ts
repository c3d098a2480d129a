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

/**
 * Below as many tokens a text is passed over often enough to be learned by heart. Of 54,000 bytes,
 * 1,000 steps gave a held-out loss of 3.19 nats; with dropout and strong decay (default-training)
 * 2.15, with weak decay 2.85. Of 270,000 the plain network was the better: 2.08 against 2.38.
 */
export const FEW_TOKENS = 200_000;
const FEW_DROPOUT = 0.2;

/** Largest network first; one that is large for its text learns the text by heart. */
const OFFERED = [
  { layers: 4, width: 128, tokensMin: 1_000_000 },
  { layers: 3, width: 96, tokensMin: FEW_TOKENS },
  { layers: 2, width: 64, tokensMin: 0 },
] as const;

function gptLayers(layers: number, width: number, isFew: boolean): readonly Layer[] {
  const heads = width % HEAD_WIDTH === 0 ? width / HEAD_WIDTH : width / NARROW_HEAD_WIDTH;
  return [
    { type: "embedding", width, positions: "learned" },
    ...Array.from({ length: layers }, (): Layer => {
      return { type: "transformer-block", heads, hidden: HIDDEN * width };
    }),
    ...(isFew ? ([{ type: "dropout", rate: FEW_DROPOUT }] as const) : []),
    { type: "layer-norm" },
    { type: "token-head", tied: false },
  ];
}

/** The layers of GPT in small, largest first; one alone where its size is asked for. */
export function defaultGptLayers(
  { trainCount, width: context }: { readonly trainCount: number; readonly width: number },
  { layers, width }: GptSize = {},
): readonly (readonly Layer[])[] {
  const tokens = trainCount * context;
  const offered = OFFERED.filter(({ tokensMin }) => tokens >= tokensMin);
  const sized = offered.map((size) => {
    return gptLayers(layers ?? size.layers, width ?? size.width, tokens < FEW_TOKENS);
  });
  return layers === undefined && width === undefined ? sized : sized.slice(0, 1);
}
