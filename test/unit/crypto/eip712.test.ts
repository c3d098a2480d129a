import { TypedDataEncoder, Wallet } from "ethers";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bytesToHex, hexToBytes } from "../../../src-main/contract/bytes.ts";
import { BrokenInvariant } from "../../../src-main/contract/outcome.ts";
import {
  defineTypedStruct,
  domainSeparator,
  structHash,
  typedDigest,
  walletRequest,
} from "../../../src-main/crypto/eip712.ts";
import type { TypedField, TypedValue } from "../../../src-main/crypto/eip712.ts";
import { sha256 } from "../../../src-main/crypto/hasher.ts";
import { addressOfSecretKey, nobleSignatures } from "../../../src-main/crypto/secp256k1.ts";

const FIELDS: TypedField[] = [
  { name: "account", type: "address" },
  { name: "fast", type: "bool" },
  { name: "digest", type: "bytes32" },
  { name: "note", type: "string" },
  { name: "tiny", type: "uint8" },
  { name: "small", type: "uint16" },
  { name: "lane", type: "uint32" },
  { name: "nonce", type: "uint64" },
  { name: "amountBase", type: "uint128" },
];
const STRUCT = defineTypedStruct("Everything", FIELDS);
const GENESIS = sha256(new Uint8Array([7]));

const uint = (bits: number) => fc.bigInt({ min: 0n, max: (1n << BigInt(bits)) - 1n });
const bytes = (size: number) => fc.uint8Array({ minLength: size, maxLength: size });
const values: fc.Arbitrary<Record<string, TypedValue>> = fc.record({
  account: bytes(20),
  fast: fc.boolean(),
  digest: bytes(32),
  note: fc.string({ unit: "binary", maxLength: 12 }),
  tiny: fc.integer({ min: 0, max: 255 }),
  small: fc.integer({ min: 0, max: 0xffff }),
  lane: fc.integer({ min: 0, max: 0xffff_ffff }),
  nonce: uint(64),
  amountBase: uint(128),
});

describe("crypto/eip712", () => {
  it("gives ethers' domain separator, struct hash and digest for any values", () => {
    const domain = { name: "VIVIAN", version: "1", salt: GENESIS };
    const types = { Everything: FIELDS };
    const separator = domainSeparator(GENESIS);
    expect(`0x${bytesToHex(separator)}`).toBe(TypedDataEncoder.hashDomain(domain));
    fc.assert(
      fc.property(values, (each) => {
        // ethers takes addresses as text only.
        const account = `0x${bytesToHex(each.account as Uint8Array)}`;
        const theirs = { ...each, account };
        const structure = TypedDataEncoder.hashStruct("Everything", types, theirs);
        expect(`0x${bytesToHex(structHash(STRUCT, each))}`).toBe(structure);
        const digest = TypedDataEncoder.hash(domain, types, theirs);
        expect(`0x${bytesToHex(typedDigest(separator, STRUCT, each))}`).toBe(digest);
      }),
      { numRuns: 200 },
    );
  });

  it("recovers the wallet that signed the request shown to it", async () => {
    const secret = sha256(new Uint8Array([8]));
    const [each] = fc.sample(values, { numRuns: 1, seed: 5 });
    // Through JSON, as a wallet in a browser gets it.
    const request = JSON.parse(JSON.stringify(walletRequest(GENESIS, STRUCT, each)));
    const types = { [request.primaryType]: request.types[request.primaryType] };
    const wallet = new Wallet(`0x${bytesToHex(secret)}`);
    const signed = await wallet.signTypedData(request.domain, types, request.message);
    const digest = typedDigest(domainSeparator(GENESIS), STRUCT, each);
    const recovered = nobleSignatures.recover(digest, hexToBytes(signed.slice(2)));
    expect(recovered).toEqual(addressOfSecretKey(secret));
    const elsewhere = typedDigest(domainSeparator(sha256(GENESIS)), STRUCT, each);
    expect(nobleSignatures.recover(elsewhere, hexToBytes(signed.slice(2)))).not.toEqual(recovered);
  });

  it("changes with every field, its order and its name", () => {
    const [each] = fc.sample(values, { numRuns: 1, seed: 6 });
    const plain = structHash(STRUCT, each);
    const changes: Record<string, TypedValue> = {
      account: new Uint8Array(20).fill(1),
      fast: !each.fast,
      digest: new Uint8Array(32).fill(1),
      note: `${String(each.note)}.`,
      tiny: Number(each.tiny) ^ 1,
      small: Number(each.small) ^ 1,
      lane: BigInt(each.lane as number) ^ 1n,
      nonce: (each.nonce as bigint) ^ 1n,
      amountBase: (each.amountBase as bigint) ^ 1n,
    };
    for (const field of FIELDS) {
      const changed = { ...each, [field.name]: changes[field.name] };
      expect(structHash(STRUCT, changed), field.name).not.toEqual(plain);
    }
    const swapped = defineTypedStruct("Everything", FIELDS.toReversed());
    expect(structHash(swapped, each)).not.toEqual(plain);
    expect(structHash(defineTypedStruct("Anything", FIELDS), each)).not.toEqual(plain);
  });

  it.each<[string, TypedField["type"], TypedValue]>([
    ["19 bytes for an address", "address", new Uint8Array(19)],
    ["20 bytes for bytes32", "bytes32", new Uint8Array(20)],
    ["bytes for an integer", "uint64", new Uint8Array(32)],
    ["text for bytes32", "bytes32", "00"],
    ["a lone surrogate", "string", "\ud800"],
    ["a flag for an integer", "uint8", true],
    ["an integer for a flag", "bool", 1],
    ["256 for uint8", "uint8", 256],
    ["2^128 for uint128", "uint128", 1n << 128n],
    ["a negative", "uint64", -1n],
    ["an inexact number", "uint64", 2 ** 53],
    ["a fraction", "uint64", 0.5],
    ["nothing", "uint64", undefined as never],
  ])("stops at %s", (_, type, value) => {
    const struct = defineTypedStruct("One", [{ name: "field", type }]);
    expect(() => structHash(struct, { field: value })).toThrow(BrokenInvariant);
  });

  it.each<[string, string, TypedField[]]>([
    ["a type text smuggled in a name", "A(uint8 x)B", []],
    ["a field that is no identifier", "A", [{ name: "x,uint8 y", type: "uint8" }]],
    ["two fields of one name", "A", [FIELDS[0], FIELDS[0]]],
  ])("stops at a declaration with %s", (_, name, fields) => {
    expect(() => defineTypedStruct(name, fields)).toThrow(BrokenInvariant);
  });
});
