/** Decides how sealed content is read: by its owner's own keys, else by a grant on the ledger. */

import { writeFileSync } from "node:fs";

import type { ControlClient } from "../../api/index.ts";
import { bytesEqual, bytesToHex, hexToBytes } from "../../contract/bytes.ts";
import { formatNumberOf } from "../../contract/units.ts";
import { addressToText } from "../../crypto/index.ts";
import { decodeStored } from "../../ledger/index.ts";
import type { LedgerRecord, PayloadOf } from "../../ledger/index.ts";
import { encryptionKeyOf, openContent, subjectKey, unwrapSubjectKey } from "../../wallet/index.ts";
import type { AccountKey } from "../../wallet/index.ts";
import { CommandFailure, need } from "./failure.ts";
import { payingAccount } from "./paying-account.ts";
import { withQuestions } from "./questions.ts";
import type { RecordOptions } from "./send-record.ts";
import { answer } from "./session.ts";
import type { Session } from "./session.ts";

/** Reads a slot and shows or writes what it says. */
export async function readSealed(
  session: Session,
  client: ControlClient,
  options: RecordOptions & { readonly out?: string },
  slot: number,
): Promise<void> {
  const { bytes } = need(await client.call("ledger.get", { slot }));
  const { record } = need(decodeStored(hexToBytes(bytes)));
  if (record.payload.kind !== "sealed") {
    throw new CommandFailure({ code: "PROCESSES_NOT_SEALED", facts: { slot } });
  }
  const sealed = { record, payload: record.payload };
  const reader = payingAccount(session, options);
  const key = await withQuestions((ask) => reader.key(ask));
  const secret = await contentKey(session, client, sealed, key);
  const { subject, keyEpoch, contentNonce, ciphertext } = sealed.payload;
  const content = { owner: record.account, ciphertext };
  const plaintext = need(openContent({ subject, keyEpoch }, secret, contentNonce, content));
  tell(session, slot, plaintext, options.out);
}

interface Sealed {
  readonly record: LedgerRecord;
  readonly payload: PayloadOf<"sealed">;
}

async function contentKey(
  session: Session,
  client: ControlClient,
  { record, payload }: Sealed,
  key: AccountKey,
): Promise<Uint8Array> {
  const { subject, keyEpoch } = payload;
  const encryption = encryptionKeyOf(key.secret);
  if (bytesEqual(record.account, key.address)) {
    const owner = { address: key.address, encryption };
    return need(subjectKey(session.folder.keys, { subject, keyEpoch }, owner));
  }
  const asked = { subject: bytesToHex(subject), to: addressToText(key.address) };
  const { grants } = need(await client.call("ledger.reader", asked));
  const grant = grants.find((each) => each.keyEpoch === keyEpoch);
  if (grant === undefined) {
    const facts = { keyEpoch, account: addressToText(key.address) };
    throw new CommandFailure({ code: "PROCESSES_NO_GRANT", facts });
  }
  const reader = { address: key.address, secret: encryption.secret };
  return need(unwrapSubjectKey({ subject, keyEpoch }, hexToBytes(grant.wrapped), reader));
}

/** Text is shown as it is; bytes that are no text are named by their size. */
function tell(
  session: Session,
  slot: number,
  plaintext: Uint8Array,
  out: string | undefined,
): void {
  const size = formatNumberOf(plaintext.length, "byte", "bytes");
  if (out !== undefined) {
    try {
      writeFileSync(out, plaintext, { flag: "wx", mode: 0o600 });
    } catch (error) {
      const reason = (error as NodeJS.ErrnoException).code ?? "unknown";
      throw new CommandFailure({ code: "WALLET_EXPORT_FILE", facts: { file: out, reason } });
    }
    answer(session, { slot, file: out, bytes: plaintext.length }, [`Wrote ${size} to ${out}.`]);
    return;
  }
  let text: string | null = null;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(plaintext);
  } catch {
    // Not text.
  }
  const lines = text === null ? [`${size} that are no text; write them with --out FILE.`] : [text];
  answer(session, { slot, bytes: bytesToHex(plaintext), text }, lines);
}
