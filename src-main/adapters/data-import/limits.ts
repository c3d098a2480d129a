/** Decides how much data one import takes; each limit bounds what the import or a job must hold. */

/** What an import may hold and read; tests lower single limits. */
export interface ImportLimits {
  /** Samples; each is a leaf of the data set root, and all leaf hashes are held at once. */
  readonly samples: number;
  /** Decoded bytes of all samples; samples and finished blob stand in memory together. */
  readonly bytes: number;
  /** Classes; a label is one byte in the blob. */
  readonly classes: number;
  /** Height and width of an image in pixels. */
  readonly imageSide: number;
  /** Numbers of one table row; the engine's widest input. */
  readonly features: number;
  /** Numbers of a whole table; they are held as doubles until the means are known. */
  readonly cells: number;
  /** Bytes of an IDX or CSV file on disk. */
  readonly fileBytes: number;
  /** Bytes of a PNG file; a 64 × 64 image has 16 KiB of pixels, the rest would be metadata. */
  readonly pngBytes: number;
  /** Entries of one folder, hidden and foreign ones included. */
  readonly folderEntries: number;
  /** Bytes of one CSV row; 4,096 numbers of 25 characters lie within it. */
  readonly rowBytes: number;
  /** Bytes of a text; its tokens and its samples stand in memory together, two bytes a token. */
  readonly textBytes: number;
  /** Different characters of a text; each is a row of a model's table. */
  readonly characters: number;
  /** Pieces of words a text is written in, at least 256; each is a row of a model's table. */
  readonly gptTokens: number;
}

/** The limits of real imports. At their edge an import peaks near 1.3 GiB of memory. */
export const IMPORT_LIMITS: ImportLimits = {
  samples: 1_000_000,
  bytes: 536_870_912,
  classes: 256,
  imageSide: 64,
  features: 4_096,
  cells: 67_108_864,
  fileBytes: 2_147_483_648,
  pngBytes: 1_048_576,
  folderEntries: 1_100_000,
  rowBytes: 131_072,
  textBytes: 67_108_864,
  characters: 4_096,
  gptTokens: 4_096,
};

/** Characters of a class name; a folder name has at most 255 bytes. */
export const CLASS_NAME_CHARACTERS_MAX = 255;

/** Characters of foreign text in a fact; one line of a terminal. */
export const SHOWN_CHARACTERS_MAX = 60;
