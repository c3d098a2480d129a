/**
 * Decides how a record is signed: EIP-712 typed data with one flat struct, so that any Ethereum
 * wallet shows its fields and signs it. The domain is { name, version, salt = genesis hash }, hence
 * a signature for one network means nothing on another.
 */

import { bytesToHex, concatBytes } from "../contract/bytes.ts";
import { invariant } from "../contract/outcome.ts";
import { ADDRESS_BYTES, addressToText } from "./address.ts";
import { DIGEST_BYTES } from "./hasher.ts";
import { keccak256 } from "./keccak.ts";
import type { Keccak } from "./keccak.ts";

/** The field types in use: all fit one 32-byte word, `string` as its hash. */
export type TypedFieldType =
  "address" | "bool" | "bytes32" | "string" | "uint8" | "uint16" | "uint32" | "uint64" | "uint128";

/** Bytes for address and bytes32, number or bigint for the integers. */
export type TypedValue = Uint8Array | bigint | number | boolean | string;

/** A field of a typed struct, in its place. */
export interface TypedField {
  readonly name: string;
  readonly type: TypedFieldType;
}

/** A flat typed struct with the hash of its type text. */
export interface TypedStruct {
  readonly name: string;
  readonly fields: readonly TypedField[];
  readonly typeHash: Uint8Array;
}

/** What `eth_signTypedData_v4` takes, as JSON. */
export interface WalletRequest {
  readonly types: Readonly<Record<string, readonly TypedField[]>>;
  readonly primaryType: string;
  readonly domain: Readonly<Record<"name" | "version" | "salt", string>>;
  readonly message: Readonly<Record<string, string | boolean>>;
}

/** The domain's name and version, the same on every network; the salt tells networks apart. */
export const DOMAIN_NAME = "VIVIAN";
export const DOMAIN_VERSION = "1";

const DOMAIN_FIELDS: readonly TypedField[] = [
  { name: "name", type: "string" },
  { name: "version", type: "string" },
  { name: "salt", type: "bytes32" },
];
const DOMAIN = defineTypedStruct("EIP712Domain", DOMAIN_FIELDS);
const DIGEST_FRONT = new Uint8Array([0x19, 0x01]);
const WORD_BYTES = 32;

/** Declares a struct; names are identifiers, so the type text has one reading. */
export function defineTypedStruct(name: string, fields: readonly TypedField[]): TypedStruct {
  invariant(/^[A-Z][A-Za-z0-9]*$/.test(name), "a struct's name is a capitalised identifier");
  for (const field of fields) {
    invariant(/^[a-z][A-Za-z0-9]*$/.test(field.name), "a field's name is an identifier");
  }
  const distinct = new Set(fields.map((field) => field.name)).size === fields.length;
  invariant(distinct, "each field has its own name");
  const text = `${name}(${fields.map((field) => `${field.type} ${field.name}`).join(",")})`;
  return { name, fields, typeHash: keccak256(utf8(text)) };
}

/** The domain separator of the network with this genesis hash; compute it once per network. */
export function domainSeparator(genesisHash: Uint8Array): Uint8Array {
  return structHash(DOMAIN, { name: DOMAIN_NAME, version: DOMAIN_VERSION, salt: genesisHash });
}

/** Keccak-256(type hash ‖ one word per field). Values out of range stop by invariant. */
export function structHash(
  struct: TypedStruct,
  values: Readonly<Record<string, TypedValue>>,
  keccak: Keccak = keccak256,
): Uint8Array {
  const words = struct.fields.map((field) => wordOf(field, values[field.name]));
  return keccak(concatBytes(struct.typeHash, ...words));
}

/** The 32 bytes that are signed: Keccak-256(0x19 0x01 ‖ domain separator ‖ struct hash). */
export function typedDigest(
  separator: Uint8Array,
  struct: TypedStruct,
  values: Readonly<Record<string, TypedValue>>,
  keccak: Keccak = keccak256,
): Uint8Array {
  invariant(separator.length === DIGEST_BYTES, "a domain separator has 32 bytes");
  return keccak(concatBytes(DIGEST_FRONT, separator, structHash(struct, values, keccak)));
}

/** The request for a person's own wallet to sign the same digest. */
export function walletRequest(
  genesisHash: Uint8Array,
  struct: TypedStruct,
  values: Readonly<Record<string, TypedValue>>,
): WalletRequest {
  const salt = `0x${bytesToHex(genesisHash)}`;
  const shown = struct.fields.map((field) => [field.name, shownAs(field, values[field.name])]);
  return {
    types: { [DOMAIN.name]: DOMAIN.fields, [struct.name]: struct.fields },
    primaryType: struct.name,
    domain: { name: DOMAIN_NAME, version: DOMAIN_VERSION, salt },
    message: Object.fromEntries(shown) as Record<string, string | boolean>,
  };
}

/** The value as one 32-byte big-endian word. */
function wordOf(field: TypedField, value: TypedValue): Uint8Array {
  const word = new Uint8Array(WORD_BYTES);
  if (value instanceof Uint8Array) {
    const size = field.type === "address" ? ADDRESS_BYTES : WORD_BYTES;
    const fits = field.type === "address" || field.type === "bytes32";
    invariant(fits && value.length === size, `${field.name} is bytes of its type's size`);
    word.set(value, WORD_BYTES - size);
  } else if (typeof value === "string") {
    invariant(field.type === "string" && value.isWellFormed(), `${field.name} is a string`);
    return keccak256(utf8(value));
  } else if (typeof value === "boolean") {
    invariant(field.type === "bool", `${field.name} is a bool`);
    word[WORD_BYTES - 1] = value ? 1 : 0;
  } else {
    writeInteger(word, field, value);
  }
  return word;
}

function writeInteger(word: Uint8Array, field: TypedField, value: bigint | number): void {
  invariant(field.type.startsWith("uint"), `${field.name} is an integer`);
  const exact = typeof value === "bigint" || Number.isSafeInteger(value);
  invariant(exact, `${field.name} is exact`);
  let rest = BigInt(value);
  const bits = BigInt(field.type.slice("uint".length));
  invariant(rest >= 0n && rest < 1n << bits, `${field.name} fits ${field.type}`);
  for (let index = WORD_BYTES - 1; rest > 0n; index -= 1) {
    word[index] = Number(rest & 0xffn);
    rest >>= 8n;
  }
}

function shownAs(field: TypedField, value: TypedValue): string | boolean {
  if (value instanceof Uint8Array) {
    return field.type === "address" ? addressToText(value) : `0x${bytesToHex(value)}`;
  }
  return typeof value === "boolean" ? value : String(value);
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
