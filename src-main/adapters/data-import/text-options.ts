/** Decides what may be said about the cutting of a text, and what a text is once it is cut. */

/** What a token of a text is. */
export type TextTokens = "bytes" | "characters" | "gpt";

/** How a text is cut. */
export interface TextOptions {
  readonly tokens: TextTokens;
  /** Tokens of a block: what a model sees before it foretells one. */
  readonly context: number;
}

/** How a text is cut where nothing is said. */
export const TEXT_OPTIONS: TextOptions = { tokens: "bytes", context: 128 };

/** A text as tokens. */
export interface TextPieces {
  /** Numbers below `kinds`, in the order of the text. */
  readonly tokens: Uint16Array;
  /** How many numbers there may be. */
  readonly kinds: number;
  /**
   * What each number stands for: code points of characters, numbers of the `o200k_base` encoding;
   * empty for bytes, which stand for themselves.
   */
  readonly vocabulary: readonly number[];
  /** Bytes of UTF-8 that each number stands for. */
  readonly byteLengths: Uint8Array | Uint16Array;
}

/** Reads and writes text in the tokens of a model. */
export interface TextTable {
  /** Undefined where something in the text has no token. */
  readonly encode: (text: string) => readonly number[] | undefined;
  /** The bytes of a token: a whole character, or a part of one. */
  readonly decode: (token: number) => Uint8Array;
}
