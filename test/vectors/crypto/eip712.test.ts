/**
 * EIP-712 digests that ethers.js is held to, by each Keccak. Our structs are flat and of few types;
 * members of other types are turned into their words here, so that all cases go through the room's
 * struct hash and digest, and those of our own types through everything.
 */

import { describe, expect, it } from "vitest";
import { nativeKeccak256 } from "../../../src-main/adapters/native-crypto/index.ts";
import { bytesToHex, concatBytes, hexToBytes } from "../../../src-main/contract/bytes.ts";
import {
  addressOfSecretKey,
  defineTypedStruct,
  keccak256,
  nobleSignatures,
  structHash,
  typedDigest,
} from "../../../src-main/crypto/index.ts";
import type {
  Keccak,
  TypedField,
  TypedFieldType,
  TypedStruct,
  TypedValue,
} from "../../../src-main/crypto/index.ts";
import { ethersCases } from "../ethers-cases.ts";

interface Member {
  readonly name: string;
  readonly type: string;
}
type Types = Readonly<Record<string, readonly Member[]>>;
type Data = Readonly<Record<string, unknown>>;
interface Case {
  readonly name: string;
  readonly domain: Data;
  readonly primaryType: string;
  readonly types: Types;
  readonly data: Data;
  readonly encoded: string;
  readonly digest: string;
  readonly privateKey?: string;
  readonly signature?: string;
}

const cases = ethersCases<Case>("eip712");
const bytes = (hex: unknown) => hexToBytes(String(hex).slice(2));
const utf8 = (text: string) => new TextEncoder().encode(text);

const OWN_TYPES: ReadonlySet<string> = new Set<TypedFieldType>([
  "address",
  "bool",
  "bytes32",
  "string",
  "uint8",
  "uint16",
  "uint32",
  "uint64",
  "uint128",
]);
const DOMAIN_TYPES: readonly Member[] = [
  { name: "name", type: "string" },
  { name: "version", type: "string" },
  { name: "chainId", type: "uint256" },
  { name: "verifyingContract", type: "address" },
  { name: "salt", type: "bytes32" },
];

const isOwn = (members: readonly Member[]) => members.every(({ type }) => OWN_TYPES.has(type));
const domainMembers = ({ domain }: Case) => DOMAIN_TYPES.filter(({ name }) => name in domain);
const isFlat = ({ types }: Case) => Object.keys(types).length === 1;
const ownStruct = (each: Case) => isFlat(each) && isOwn(each.types[each.primaryType]);

/** The text of a type: itself, then what it refers to in alphabetical order. */
function typeText(types: Types, primary: string): string {
  const reached = new Set<string>();
  const visit = (name: string): void => {
    if (reached.has(name) || !(name in types)) return;
    reached.add(name);
    for (const { type } of types[name]) visit(type.replace(/\[.*$/, ""));
  };
  visit(primary);
  const others = [...reached].filter((name) => name !== primary);
  const names = [primary, ...others.sort((left, right) => (left < right ? -1 : 1))];
  return names
    .map((name) => `${name}(${types[name].map((each) => `${each.type} ${each.name}`).join(",")})`)
    .join("");
}

/** The room's struct and values of a case's, foreign members as their words. */
function ours(types: Types, name: string, data: Data, keccak: Keccak) {
  const fields: TypedField[] = [];
  const values: Record<string, TypedValue> = {};
  for (const { name: member, type } of types[name]) {
    const own = OWN_TYPES.has(type);
    fields.push({ name: member, type: own ? (type as TypedFieldType) : "bytes32" });
    values[member] = own
      ? ownValue(type, data[member])
      : foreignWord(types, type, data[member], keccak);
  }
  const own = name in types && isOwn(types[name]);
  const struct: TypedStruct = own
    ? defineTypedStruct(name, fields)
    : { name, fields, typeHash: keccak(utf8(typeText(types, name))) };
  return { struct, values };
}

function ownValue(type: string, value: unknown): TypedValue {
  if (type === "address" || type === "bytes32") return bytes(value);
  if (type === "bool" || type === "string") return value as boolean | string;
  return BigInt(value as string);
}

/** The word of a member of a type that our records never have. */
function foreignWord(types: Types, type: string, value: unknown, keccak: Keccak): Uint8Array {
  const list = /^(.*)\[\d*\]$/.exec(type);
  if (list !== null) {
    const words = (value as unknown[]).map((each) => wordOf(types, list[1], each, keccak));
    return keccak(concatBytes(...words));
  }
  if (type in types) {
    const { struct, values } = ours(types, type, value as Data, keccak);
    return structHash(struct, values, keccak);
  }
  if (type === "bytes") return keccak(bytes(value));
  if (type.startsWith("bytes")) return concatBytes(bytes(value), new Uint8Array(32)).slice(0, 32);
  return hexToBytes(
    BigInt.asUintN(256, BigInt(value as string))
      .toString(16)
      .padStart(64, "0"),
  );
}

/** The word of an element: our own encoder's where it knows the type. */
function wordOf(types: Types, type: string, value: unknown, keccak: Keccak): Uint8Array {
  if (!OWN_TYPES.has(type)) return foreignWord(types, type, value, keccak);
  if (type === "string") return keccak(utf8(value as string));
  if (type === "bytes32") return bytes(value);
  if (type === "address") return concatBytes(new Uint8Array(12), bytes(value));
  const number = typeof value === "boolean" ? BigInt(value) : BigInt(value as string);
  return hexToBytes(number.toString(16).padStart(64, "0"));
}

const KECCAKS: readonly (readonly [string, Keccak])[] = [
  ["plain", keccak256],
  ["native", nativeKeccak256],
];

describe.each(KECCAKS)("EIP-712 cases of @ethersproject/testcases, %s Keccak", (_, keccak) => {
  it("have the struct hash and digest that the room computes, all 1,025 of them", () => {
    expect(cases).toHaveLength(1_025);
    for (const each of cases) {
      const { struct, values } = ours(each.types, each.primaryType, each.data, keccak);
      const hash = structHash(struct, values, keccak);
      expect(hash, each.name).toEqual(keccak256(bytes(each.encoded)));
      const types = { EIP712Domain: domainMembers(each) };
      const domain = ours(types, "EIP712Domain", each.domain, keccak);
      const separator = structHash(domain.struct, domain.values, keccak);
      const digest = typedDigest(separator, struct, values, keccak);
      expect(bytesToHex(digest), each.name).toBe(each.digest.slice(2));
    }
  });

  it("hold 141 structs of our types alone, 76 with such a domain, 4 with exactly ours", () => {
    const structs = cases.filter(ownStruct);
    expect(structs).toHaveLength(141);
    const domains = structs.filter((each) => isOwn(domainMembers(each)));
    expect(domains).toHaveLength(76);
    const same = domains.filter((each) =>
      ["name", "salt", "version"].every(
        (name) => name in each.domain && Object.keys(each.domain).length === 3,
      ),
    );
    expect(same).toHaveLength(4);
  });

  it("hold a signature that is ours", () => {
    const [signed] = cases.filter(({ signature }) => signature !== undefined);
    const secret = bytes(signed.privateKey);
    const signature = nobleSignatures.sign(bytes(signed.digest), secret);
    expect(bytesToHex(signature)).toBe(String(signed.signature).slice(2));
    expect(nobleSignatures.recover(bytes(signed.digest), signature)).toEqual(
      addressOfSecretKey(secret),
    );
  });
});
