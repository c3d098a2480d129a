/** Decides what the daemon and its key opener say to each other; both sides check. */

import type { Outcome } from "../../contract/outcome.ts";
import { ADDRESS_BYTES, SECRET_KEY_BYTES } from "../../crypto/index.ts";
import { bytesOf, checkMessage, facts, textUpTo } from "../../miner/messages/message-check.ts";
import type { MessageShapes } from "../../miner/messages/message-check.ts";
import { KEYSTORE_BYTES_MAX, PASSWORD_CHARACTERS_MAX } from "../../wallet/index.ts";

/** What to open, and with what. */
export interface StartOpening {
  readonly kind: "start";
  readonly keystore: string;
  readonly password: string;
}

/** What the opener answers: once, then it ends. */
export type OpenReport =
  | { readonly kind: "opened"; readonly secret: Uint8Array; readonly address: Uint8Array }
  | {
      readonly kind: "refused";
      readonly code: string;
      readonly facts: Readonly<Record<string, string | number | boolean>>;
    };

const COMMANDS: MessageShapes = {
  start: { keystore: textUpTo(KEYSTORE_BYTES_MAX), password: textUpTo(PASSWORD_CHARACTERS_MAX) },
};

const REPORTS: MessageShapes = {
  opened: { secret: bytesOf(SECRET_KEY_BYTES), address: bytesOf(ADDRESS_BYTES) },
  refused: { code: textUpTo(64), facts },
};

/** Reads the daemon's message in the opener; rejects MINER_MESSAGE. */
export function checkOpenCommand(value: unknown): Outcome<StartOpening> {
  return checkMessage(COMMANDS, value);
}

/** Reads the opener's message in the daemon; rejects MINER_MESSAGE. */
export function checkOpenReport(value: unknown): Outcome<OpenReport> {
  return checkMessage(REPORTS, value);
}
