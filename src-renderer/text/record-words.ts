/**
 * Decides how records and effects are written for people: each field by its name, and what it names
 * as a link to it. Everything is taken from decoded bytes, so it is as certain as they are.
 */

import { bytesToHex } from "../../src-main/contract/bytes.ts";
import { exactViv, formatCount, shortHex } from "../../src-main/contract/units.ts";
import { addressToText } from "../../src-main/crypto/address.ts";
import type { Effect, LedgerRecord } from "../../src-main/ledger/light/index.ts";

/** A piece of text; with `link` it leads somewhere, with `whole` it stands for more. */
export interface Piece {
  readonly text: string;
  readonly link?: string;
  readonly whole?: string;
}

/** A field of a record. */
export interface Field {
  readonly name: string;
  readonly pieces: readonly Piece[];
}

/** Longest text or bytes shown of one field. */
const SHOWN_MAX = 96;

/** Elements of a list that are shown. */
const LIST_SHOWN_MAX = 8;

/** Words of the kinds of records. */
const KINDS: Readonly<Record<string, string>> = {
  commit: "commit",
  transfer: "transfer",
  "job-create": "job submitted",
  "unit-seal": "result sealed",
  "unit-reveal": "result opened",
  "verdict-commit": "check committed to, still secret",
  "inner-open": "drawn segments opened by the worker",
  "verdict-open": "check opened",
  "multi-transfer": "transfers to several",
  memo: "memo",
  bond: "bond",
  unbond: "bond withdrawn",
  "job-fund": "escrow added to a job",
  "job-cancel": "job cancelled",
  "energy-anchor": "energy rows anchored",
  publish: "publication",
  retract: "publication taken back",
  "parameter-change": "parameter changed",
  "key-rotate": "signing key changed",
  "payout-set": "payout address set",
  evidence: "evidence of two votes",
  "encryption-key": "encryption key published",
  sealed: "sealed content",
  grant: "reader admitted",
  revoke: "reader removed",
  "certificate-claim": "energy certificate claimed",
  "unit-energy": "energy of a result stated",
};

/** What kind of record it is. */
export function kindWords(kind: string): string {
  return KINDS[kind] ?? kind;
}

/** An account as a link. */
export function accountPiece(address: Uint8Array | string): Piece {
  const whole = typeof address === "string" ? address : addressToText(address);
  return { text: shortHex(whole), link: `#/explorer/account/${whole}`, whole };
}

/** A job or a unit as a link. */
export function idPiece(
  kind: "job" | "unit" | "record" | "certificate",
  id: Uint8Array | string,
): Piece {
  const whole = typeof id === "string" ? id : bytesToHex(id);
  return { text: shortHex(whole), link: `#/explorer/${kind}/${whole}`, whole };
}

/** A slot as a link. */
export function slotPiece(slot: number): Piece {
  return { text: `slot ${formatCount(slot)}`, link: `#/explorer/${slot}` };
}

/** The fields of a record's payload. */
export function fieldsOf({ payload }: LedgerRecord): Field[] {
  return Object.entries(payload)
    .filter(([name]) => name !== "kind")
    .map(([name, value]) => ({ name: nameWords(name), pieces: pieces(name, value) }));
}

/** What executing a record or a commit did. */
export function effectPieces(effect: Effect): Piece[] {
  switch (effect.kind) {
    case "job-started":
      return [{ text: "job " }, idPiece("job", effect.job), { text: " started" }];
    case "assigned":
      return [
        { text: "unit " },
        idPiece("unit", effect.unit),
        { text: " assigned to worker " },
        accountPiece(effect.worker),
        { text: " and verifier " },
        accountPiece(effect.verifier),
      ];
    case "challenged":
      return [{ text: "segments drawn of unit " }, idPiece("unit", effect.unit)];
    case "accepted":
      return [{ text: "unit " }, idPiece("unit", effect.unit), { text: " accepted" }];
    case "paid":
      return [
        { text: `${exactViv(effect.amountBase)} VIV paid to ` },
        accountPiece(effect.to),
        { text: ` (${effect.share}, ${effect.minted ? "minted" : "from escrow"}) for unit ` },
        idPiece("unit", effect.unit),
      ];
    case "disputed":
      return [{ text: "unit " }, idPiece("unit", effect.unit), said(`disputed: ${effect.code}`)];
    case "voided":
      return [
        { text: "unit " },
        idPiece("unit", effect.unit),
        said(`ended without pay: ${effect.code}`),
      ];
    case "refunded":
    case "closed":
      return [
        { text: `${exactViv(effect.amountBase)} VIV back to ` },
        accountPiece(effect.to),
        { text: effect.kind === "closed" ? ": deposit of job " : ": escrow of job " },
        idPiece("job", effect.job),
      ];
    case "published":
      return [said(effect.collection === "" ? "published" : `published in ${effect.collection}`)];
    case "retracted":
      return [{ text: "taken back: " }, slotPiece(Number(effect.publication))];
    case "unbonded":
      return [
        { text: `${exactViv(effect.amountBase)} VIV of a bond paid to ` },
        accountPiece(effect.account),
      ];
    case "slashed":
      return [
        { text: `${exactViv(effect.amountBase)} VIV taken from the bond of ` },
        accountPiece(effect.account),
        { text: `, ${exactViv(effect.rewardBase)} VIV of it to ` },
        accountPiece(effect.to),
      ];
  }
}

function said(text: string): Piece {
  return { text: ` ${text}` };
}

/** "innerListRoot" as "inner list root"; an amount loses its unit, which stands beside it. */
function nameWords(name: string): string {
  const words = name.replace(/Base$/, "").replaceAll(/[A-Z]/g, (big) => ` ${big.toLowerCase()}`);
  return words;
}

function pieces(name: string, value: unknown): Piece[] {
  if (value instanceof Uint8Array) return [bytesPiece(name, value)];
  if (typeof value === "bigint") return [{ text: numberText(name, value) }];
  if (Array.isArray(value)) return listPieces(name, value);
  if (typeof value === "object" && value !== null) {
    return Object.entries(value).flatMap(([part, inner], index) => [
      { text: `${index === 0 ? "" : ", "}${nameWords(part)} ` },
      ...pieces(part, inner),
    ]);
  }
  const text = String(value);
  return [{ text: text === "" ? "(empty)" : cut(text) }];
}

function numberText(name: string, value: bigint): string {
  if (name.endsWith("Base")) return `${exactViv(value)} VIV`;
  if (name === "time") return new Date(Number(value)).toISOString();
  return formatCount(Number(value));
}

function listPieces(name: string, values: readonly unknown[]): Piece[] {
  if (values.length === 0) return [{ text: "(none)" }];
  const shown = values
    .slice(0, LIST_SHOWN_MAX)
    .flatMap((value, index) => [...(index === 0 ? [] : [{ text: "; " }]), ...pieces(name, value)]);
  const more = values.length - LIST_SHOWN_MAX;
  return more > 0 ? [...shown, { text: ` and ${formatCount(more)} more` }] : shown;
}

function bytesPiece(name: string, bytes: Uint8Array): Piece {
  if (bytes.length === 20) {
    const nobody = bytes.every((byte) => byte === 0);
    return nobody ? { text: "(nobody)" } : accountPiece(bytes);
  }
  if (name === "unit" || name === "job" || name === "certificate") return idPiece(name, bytes);
  if (name === "memo") return { text: bytes.length === 0 ? "(empty)" : memoText(bytes) };
  const whole = bytesToHex(bytes);
  if (bytes.length <= 32) return { text: shortHex(whole), whole };
  return { text: `${formatCount(bytes.length)} bytes, ${whole.slice(0, 32)}…` };
}

/** A memo is often a text; what is not reads as bytes. */
function memoText(bytes: Uint8Array): string {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    if (!/\p{Cc}/u.test(text)) return `“${cut(text)}”`;
  } catch {
    // Not text.
  }
  return cut(bytesToHex(bytes));
}

function cut(text: string): string {
  return text.length <= SHOWN_MAX
    ? text
    : `${text.slice(0, SHOWN_MAX)}… (${text.length} characters)`;
}
