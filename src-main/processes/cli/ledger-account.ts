/** `vivian ledger account`: an account, its rows and its whole feed checked in the command. */

import type { Command } from "commander";

import { nativeSha256 } from "../../adapters/native-crypto/sha256.ts";
import { decode } from "../../codec/index.ts";
import { bytesToHex, hexToBytes } from "../../contract/bytes.ts";
import { FEED_SLOTS_MAX } from "../../contract/control-api/index.ts";
import type { AccountViewAnswer } from "../../contract/control-api/index.ts";
import { accept, reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import { formatCount, formatNumberOf, formatViv } from "../../contract/units.ts";
import { addressToText, parseAddress } from "../../crypto/index.ts";
import {
  ACCOUNTS,
  ANCHORS,
  checkFeed,
  checkRow,
  ENCRYPTION_KEYS,
  feedSize,
  FEEDS,
  KEYS,
  stateProofCodec,
  UNBONDINGS,
  WORKERS,
} from "../../ledger/light/index.ts";
import type { RowClaim, Table, TrustedView } from "../../ledger/light/index.ts";
import { readGenesis } from "../read-genesis.ts";
import { need } from "./failure.ts";
import { followLedger } from "./follow-ledger.ts";
import type { Followed } from "./follow-ledger.ts";
import { answer, openSession, withDaemon } from "./session.ts";
import { pairs } from "./table.ts";

/** What is shown of an account; amounts as decimal text. */
interface ShownAccount {
  readonly address: string;
  readonly present: boolean;
  readonly balanceBase: string;
  readonly bondedBase: string;
  readonly leavingBase: string;
  readonly signer: string;
  readonly encryptionKey: string | null;
  readonly anchorSlot: number | null;
  readonly feed: {
    readonly count: number;
    readonly slots: readonly number[];
    readonly whole: boolean;
  };
  readonly commit: number;
  readonly trust: Followed["basis"];
  readonly verified: true;
}

/** Slots listed in the lines; `--json` has all. */
const SLOTS_LISTED = 12;

/** Adds the verb. */
export function addLedgerAccount(ledger: Command): void {
  ledger
    .command("account")
    .argument("<address>", "address of the account")
    .option("--json", "answer as JSON")
    .description(
      "show an account, every row and its feed checked here against the genesis document",
    )
    .addHelpText("after", "\nExample:\n  vivian ledger account 0x…")
    .action(async (address: string, options: { json?: boolean }) => {
      const session = openSession(options);
      const genesis = readGenesis(session.folder.genesis);
      if (genesis === null) {
        need(reject("PROCESSES_NO_LEDGER", { folder: session.folder.network }));
        return;
      }
      await withDaemon(session, async (client) => {
        const followed = need(await followLedger(client, genesis, Date.now()));
        const commit = Number(followed.view.number);
        const given = need(await client.call("ledger.account", { address, commit }));
        const shown = need(checkedAccount(followed, address, given));
        answer(session, shown, accountLines(shown));
      });
    });
}

/** @rejects CRYPTO_ADDRESS, LEDGER_LIGHT_STATE, LEDGER_LIGHT_FEED, CODEC_* */
function checkedAccount(
  { view, basis }: Followed,
  text: string,
  given: AccountViewAnswer,
): Outcome<ShownAccount> {
  const id = parseAddress(text);
  if (!id.ok) return id;
  const read = <R>(table: Table<R>): R | undefined =>
    need(checkedRow(view, table, id.value, given));
  const leaving = read(UNBONDINGS) ?? [];
  const encryption = read(ENCRYPTION_KEYS)?.key;
  const anchor = read(ANCHORS)?.slot;
  const account = read(ACCOUNTS);
  const feed = checkedFeed(view, id.value, given);
  if (!feed.ok) return feed;
  return accept({
    address: addressToText(id.value),
    present: account !== undefined,
    balanceBase: String(account?.balanceBase ?? 0n),
    bondedBase: String(read(WORKERS)?.bondedBase ?? 0n),
    leavingBase: String(leaving.reduce((sum, { amountBase }) => sum + amountBase, 0n)),
    signer: addressToText(read(KEYS)?.key ?? id.value),
    encryptionKey: encryption === undefined ? null : bytesToHex(encryption),
    anchorSlot: anchor === undefined ? null : Number(anchor),
    feed: feed.value,
    commit: Number(view.number),
    trust: basis,
    verified: true,
  });
}

function claimOf(
  { rows }: AccountViewAnswer,
  table: { readonly name: string },
  id: Uint8Array,
): Outcome<RowClaim> {
  const claim = rows.find((row) => row.table === table.name && row.id === bytesToHex(id));
  if (claim === undefined) return reject("LEDGER_LIGHT_STATE", { table: table.name });
  const proof = decode(stateProofCodec, hexToBytes(claim.proof));
  if (!proof.ok) return proof;
  const bytes = claim.bytes === null ? undefined : hexToBytes(claim.bytes);
  return accept({ bytes, proof: proof.value });
}

function checkedRow<R>(
  view: TrustedView,
  table: Table<R>,
  id: Uint8Array,
  given: AccountViewAnswer,
): Outcome<R | undefined> {
  const claim = claimOf(given, table, id);
  return claim.ok ? checkRow(nativeSha256, view, table, id, claim.value) : claim;
}

function checkedFeed(
  view: TrustedView,
  id: Uint8Array,
  given: AccountViewAnswer,
): Outcome<ShownAccount["feed"]> {
  const { feed } = given;
  const row = checkedRow(view, FEEDS, id, given);
  if (!row.ok) return row;
  const count = feedSize(nativeSha256, row.value);
  if (!count.ok) return count;
  // Only what is too long for an answer may be told in part: else a slot would be easily hidden.
  const isLong = !feed.whole && count.value > FEED_SLOTS_MAX;
  if (isLong) return accept({ ...feed, count: count.value });
  const claim = claimOf(given, FEEDS, id);
  if (!claim.ok) return claim;
  const checked = checkFeed(nativeSha256, view, id, feed.slots.map(BigInt), claim.value);
  return checked.ok ? accept({ ...feed, count: feed.slots.length, whole: true }) : checked;
}

function accountLines(shown: ShownAccount): string[] {
  const { feed, trust } = shown;
  const held = shown.present ? formatViv(BigInt(shown.balanceBase)) : "no row: not in the ledger";
  const listed = feed.slots.slice(-SLOTS_LISTED).map(formatCount).join(", ");
  const slots = feed.whole
    ? `${formatNumberOf(feed.count, "slot", "slots")}, none left out`
    : `the newest ${formatCount(feed.slots.length)} of ${formatCount(feed.count)}, not shown whole`;
  const basis =
    trust === "genesis"
      ? "the genesis document, step by step"
      : "the newest commit that this machine's daemon names; the genesis document is too old";
  return [
    `${shown.address}: checked here up to commit ${formatCount(shown.commit)}, from ${basis}.`,
    ...pairs([
      ["balance", held],
      ["bond", formatViv(BigInt(shown.bondedBase))],
      ["leaving it", formatViv(BigInt(shown.leavingBase))],
      ["signing key", shown.signer === shown.address ? "its own" : shown.signer],
      ["encryption key", shown.encryptionKey ?? "none published"],
      ["feed", slots],
      ["newest slots", listed === "" ? "none" : listed],
    ]),
  ];
}
