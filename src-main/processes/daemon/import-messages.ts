/**
 * Decides what the daemon and its importer say to each other. The importer reads files nobody has
 * looked at, so what it reports is checked like a stranger's.
 */

import type { Outcome } from "../../contract/outcome.ts";
import {
  COLUMNS_MAX,
  PATH_CHARACTERS_MAX,
  VOCABULARY_MAX,
} from "../../contract/control-api/index.ts";
import type { KeptDataSet, OwnData, TextTokens } from "../../contract/control-api/index.ts";
import {
  checkMessage,
  count,
  digest,
  facts,
  finite,
  listOf,
  oneOf,
  orNull,
  recordOf,
  textUpTo,
} from "../../miner/messages/message-check.ts";
import type { MessageShapes } from "../../miner/messages/message-check.ts";

/** How a text is to be cut; what is null is as the import does it. */
export interface TextCut {
  readonly tokens: TextTokens | null;
  readonly context: number | null;
}

/** What to read, and the folder of blobs to leave it in. */
export interface StartImport {
  readonly kind: "start";
  readonly path: string;
  /** Null where nothing is said of a text; else a folder's text files are meant. */
  readonly text: TextCut | null;
  readonly blobsFolder: string;
}

/** A data set that now stands among the blobs. */
export interface ImportedSet {
  readonly blob: Uint8Array;
  readonly root: Uint8Array;
  /** How a sample is encoded: 0 bytes, 1 numbers, 2 and 3 tokens. */
  readonly encoding: number;
  readonly trainFirst: number;
  readonly holdoutFirst: number;
  readonly data: OwnData;
  readonly columns: KeptDataSet["columns"];
  readonly vocabulary: KeptDataSet["vocabulary"];
}

/** What the importer answers: once, then it ends. */
export type ImportReport =
  | ({ readonly kind: "imported" } & ImportedSet)
  | {
      readonly kind: "refused";
      readonly code: string;
      readonly facts: Readonly<Record<string, string | number | boolean>>;
    };

const TOKENS = oneOf("bytes", "characters", "gpt");

const COMMANDS: MessageShapes = {
  start: {
    path: textUpTo(PATH_CHARACTERS_MAX),
    text: orNull(recordOf({ tokens: orNull(TOKENS), context: orNull(count) })),
    blobsFolder: textUpTo(PATH_CHARACTERS_MAX),
  },
};

const REPORTS: MessageShapes = {
  imported: {
    blob: digest,
    columns: listOf(
      recordOf({ name: textUpTo(256), mean: finite, deviation: finite }),
      COLUMNS_MAX,
    ),
    root: digest,
    encoding: count,
    trainFirst: count,
    holdoutFirst: count,
    data: recordOf({
      name: textUpTo(64),
      kind: oneOf("images", "table", "text"),
      height: count,
      width: count,
      channels: count,
      classNames: listOf(textUpTo(256), 256),
      classes: count,
      trainCount: count,
      holdoutCount: count,
      note: textUpTo(1_024),
      text: orNull(recordOf({ tokens: TOKENS, context: count, holdoutBytes: count })),
    }),
    vocabulary: listOf(count, VOCABULARY_MAX),
  },
  refused: { code: textUpTo(64), facts },
};

/** Reads the daemon's message in the importer; rejects MINER_MESSAGE. */
export function checkImportCommand(value: unknown): Outcome<StartImport> {
  return checkMessage(COMMANDS, value);
}

/** Reads the importer's message in the daemon; rejects MINER_MESSAGE. */
export function checkImportReport(value: unknown): Outcome<ImportReport> {
  return checkMessage(REPORTS, value);
}
