/**
 * `vivian private seal|read|grant|revoke|erase|list`: content on the ledger that only its readers
 * can read. Keys never leave this machine but wrapped to a reader.
 */

import type { Command } from "commander";

import type { ControlClient } from "../../api/index.ts";
import { bytesToHex, hexToBytes } from "../../contract/bytes.ts";
import { formatCount, formatNumberOf } from "../../contract/units.ts";
import {
  addressToText,
  CIPHER_NONCE_BYTES,
  CIPHER_TAG_BYTES,
  parseAddress,
} from "../../crypto/index.ts";
import { systemEntropy } from "../../adapters/host/index.ts";
import {
  addSubjectKey,
  createSubject,
  encryptionKeyOf,
  eraseSubject,
  listSubjects,
  sealContent,
  subjectKey,
  wrapSubjectKey,
} from "../../wallet/index.ts";
import type { AccountKey, KnownSubject, SubjectOwner } from "../../wallet/index.ts";
import { CommandFailure, need } from "./failure.ts";
import { withPayingOptions } from "./paying-account.ts";
import { readSealed } from "./private-read.ts";
import { needYes, withQuestions } from "./questions.ts";
import { readSlot } from "./read-number.ts";
import { needFile } from "./read-words.ts";
import { sendAndTell, sendRecord } from "./send-record.ts";
import type { RecordOptions } from "./send-record.ts";
import { answer, openSession, say, withDaemon } from "./session.ts";
import type { Session } from "./session.ts";
import { table } from "./table.ts";

/** What one record takes, beside its tag. */
const CONTENT_BYTES_MAX = 32_768 - CIPHER_TAG_BYTES;

/** Bytes of a wrapped subject key. */
const WRAPPED_BYTES = 80;

const fresh = (count: number): Uint8Array => systemEntropy.bytes(count);

const PRIVATE_HELP = `
Content belongs to a subject, which you name by a label that stays on this machine. A reader first
publishes a key (\`vivian wallet publish-key\`); you grant the subject to its address. Revoking
gives what you seal from then on another key. Erasing destroys the keys kept here: the ledger still
verifies, and what was sealed cannot be read again, except by whoever kept a key they were granted.

Examples:
  vivian private seal patients --file scan.bin
  vivian private grant patients ADDRESS
  vivian private read 1042 --from doctor --out scan.bin`;

/** Adds the verb and its parts. */
export function addPrivate(program: Command): void {
  const own = program
    .command("private")
    .description("seal content on the ledger for chosen readers, and erase it")
    .addHelpText("after", PRIVATE_HELP);
  addSeal(own);
  addRead(own);
  addGrant(own);
  addRevoke(own);
  addErase(own);
  addList(own);
}

interface SealOptions extends RecordOptions {
  readonly text?: string;
  readonly file?: string;
}

function addSeal(own: Command): void {
  withPayingOptions(own.command("seal"))
    .argument("<label>", "the subject it belongs to; a new label makes a new subject")
    .option("--text <words>", "what to seal")
    .option("--file <file>", "what to seal; at most 32,752 bytes")
    .description("put content on the ledger that only its readers can read")
    .action(async (label: string, options: SealOptions) => {
      const plaintext = contentOf(options);
      const session = openSession(options);
      await withDaemon(session, (client) => seal(session, client, options, { label, plaintext }));
    });
}

function contentOf({ text, file }: SealOptions): Uint8Array {
  if ((text === undefined) === (file === undefined)) {
    throw new CommandFailure({ code: "PROCESSES_PRIVATE_TEXT" });
  }
  if (file !== undefined) return needFile(file, CONTENT_BYTES_MAX);
  const bytes = new TextEncoder().encode(text);
  if (bytes.length <= CONTENT_BYTES_MAX) return bytes;
  const facts = { bytes: bytes.length, max: CONTENT_BYTES_MAX };
  throw new CommandFailure({ code: "WALLET_WORDS", facts });
}

async function seal(
  session: Session,
  client: ControlClient,
  options: SealOptions,
  { label, plaintext }: { readonly label: string; readonly plaintext: Uint8Array },
): Promise<void> {
  const { keys } = session.folder;
  const known = listSubjects(keys).find((each) => each.label === label);
  const contentNonce = fresh(CIPHER_NONCE_BYTES);
  const ciphertext = new Uint8Array(plaintext.length + CIPHER_TAG_BYTES);
  const subject = known?.subject ?? new Uint8Array(32);
  const keyEpoch = known?.keyEpoch ?? 0;
  const size = formatNumberOf(plaintext.length, "byte", "bytes");
  await sendAndTell(
    session,
    client,
    options,
    {
      draft: { kind: "sealed", subject, keyEpoch, contentNonce, ciphertext },
      make: (key) => {
        const owner = ownerOf(key);
        const used = known ?? need(createSubject(keys, label, owner, fresh));
        const at = { subject: used.subject, keyEpoch: used.keyEpoch };
        const secret = need(subjectKey(keys, at, owner));
        const content = { owner: key.address, plaintext };
        return {
          kind: "sealed",
          ...at,
          contentNonce,
          ciphertext: sealContent(at, secret, contentNonce, content),
        };
      },
      lines: [
        ["seal", `${size} under "${label}"${known === undefined ? ", a new subject" : ""}`],
        ["on the ledger", "its size, its time and whose it is; not what it says"],
      ],
      question: "Seal it?",
    },
    ({ slot }) => `Sealed; read it with \`vivian private read ${slot}\`.`,
  );
}

function addRead(own: Command): void {
  withPayingOptions(own.command("read"))
    .argument("<slot>", "slot of the sealed content", readSlot)
    .option("--out <file>", "write it to a new file instead of showing it")
    .description("read sealed content as its owner or as a reader who was granted it")
    .action(async (slot: number, options: RecordOptions & { out?: string }) => {
      const session = openSession(options);
      await withDaemon(session, (client) => readSealed(session, client, options, slot));
    });
}

function addGrant(own: Command): void {
  withPayingOptions(own.command("grant"))
    .argument("<label>", "the subject")
    .argument("<address>", "the reader's address")
    .description("let an account read everything sealed under a subject's present key")
    .action(async (label: string, address: string, options: RecordOptions) => {
      const session = openSession(options);
      const to = need(parseAddress(address));
      await withDaemon(session, async (client) => {
        const known = needSubject(session, label);
        const at = { subject: known.subject, keyEpoch: known.keyEpoch };
        const shown = need(
          await client.call("ledger.account-keys", { address: addressToText(to) }),
        );
        if (shown.encryptionKey === null) {
          throw new CommandFailure({ code: "LEDGER_RECIPIENT_KEY", facts: { address } });
        }
        const encryptionKey = hexToBytes(shown.encryptionKey);
        const plan = {
          draft: { kind: "grant", ...at, to, wrapped: new Uint8Array(WRAPPED_BYTES) },
          make: (key: AccountKey) => {
            const secret = need(subjectKey(session.folder.keys, at, ownerOf(key)));
            const reader = { address: to, encryptionKey };
            const wrapped = need(wrapSubjectKey(at, secret, reader, fresh(32)));
            return { kind: "grant", ...at, to, wrapped } as const;
          },
          lines: [
            ["grant", `"${label}", sealed under its present key`],
            ["to", addressToText(to)],
            ["for good", "a key once given cannot be taken out of somebody's memory"],
          ],
          question: "Grant it?",
        } as const;
        await sendAndTell(session, client, options, plan, () => "Granted.");
      });
    });
}

function addRevoke(own: Command): void {
  withPayingOptions(own.command("revoke"))
    .argument("<label>", "the subject")
    .argument("<address>", "the reader's address")
    .description("let an account read nothing that is sealed under a subject from now on")
    .action(async (label: string, address: string, options: RecordOptions) => {
      const session = openSession(options);
      const to = need(parseAddress(address));
      await withDaemon(session, async (client) => {
        const known = needSubject(session, label);
        const { keys } = session.folder;
        let owner: SubjectOwner | null = null;
        const sent = await sendRecord(session, client, options, {
          draft: { kind: "revoke", subject: known.subject, to },
          make: (key) => {
            owner = ownerOf(key);
            return { kind: "revoke", subject: known.subject, to };
          },
          lines: [
            ["revoke", `"${label}"`],
            ["from", addressToText(to)],
            ["after it", "grant the new key to every other reader who may go on"],
          ],
          question: "Revoke it?",
        });
        // The ledger asks for the next key from here on; it is made once the record stands.
        const renewed = need(addSubjectKey(keys, known.subject, owner ?? noOwner(), fresh));
        answer(session, { ...sent, keyEpoch: renewed.keyEpoch }, [
          `Revoked in slot ${formatCount(sent.slot)}; "${label}" has key ` +
            `${formatCount(renewed.keyEpoch + 1)} now. Grant it again to those who may go on.`,
        ]);
      });
    });
}

function addErase(own: Command): void {
  own
    .command("erase")
    .argument("<label>", "the subject")
    .option("--yes", "erase without asking")
    .option("--json", "answer as JSON")
    .description("destroy the keys of a subject, so that nobody here can read it again")
    .action(async (label: string, options: { yes?: boolean; json?: boolean }) => {
      const session = openSession(options);
      const known = needSubject(session, label);
      if (options.yes !== true) {
        await withQuestions(async (ask) => {
          ask.tell(`Everything sealed under "${label}" becomes unreadable, for good.`);
          await needYes(ask, "Destroy its keys?", "WALLET_NOT_CONFIRMED");
        });
      }
      need(eraseSubject(session.folder.keys, known.subject));
      answer(session, { erased: bytesToHex(known.subject) }, [
        "Erased. The ledger still holds the bytes and still verifies; backups of the folder " +
          "keys/ hold the keys they held.",
      ]);
      say(session, "Readers who were granted a key may have kept it.");
      return Promise.resolve();
    });
}

function addList(own: Command): void {
  own
    .command("list")
    .option("--json", "answer as JSON")
    .description("list the subjects whose keys are kept here")
    .action((options: { json?: boolean }) => {
      const session = openSession(options);
      const subjects = listSubjects(session.folder.keys).map((each) => ({
        label: each.label,
        subject: bytesToHex(each.subject),
        owner: each.owner === null ? null : addressToText(each.owner),
        keys: each.erased ? 0 : each.keyEpoch + 1,
        erased: each.erased,
      }));
      const rows = subjects.map(({ label, subject, keys, erased }) => [
        erased ? "(erased)" : label,
        `${subject.slice(0, 8)}…`,
        String(keys),
      ]);
      const lines =
        rows.length === 0 ? ["No subject yet."] : table(["label", "subject", "keys"], rows);
      answer(session, { subjects }, lines);
    });
}

function needSubject(session: Session, label: string): KnownSubject {
  const known = listSubjects(session.folder.keys).find((each) => each.label === label);
  if (known !== undefined) return known;
  throw new CommandFailure({ code: "WALLET_SUBJECT_UNKNOWN", facts: { label } });
}

/** An account as the owner of subjects. */
export function ownerOf(key: AccountKey): SubjectOwner {
  return { address: key.address, encryption: encryptionKeyOf(key.secret) };
}

function noOwner(): never {
  throw new CommandFailure({ code: "PROCESSES_INTERNAL", facts: { message: "no key was opened" } });
}
