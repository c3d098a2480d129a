import { TypedDataEncoder, Wallet } from "ethers";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decode, encode } from "../../../../src-main/codec/index.ts";
import { bytesToHex, hexToBytes } from "../../../../src-main/contract/bytes.ts";
import { nobleSignatures, sha256, walletRequest } from "../../../../src-main/crypto/index.ts";
import {
  recordCodec,
  recordContext,
  recordDigest,
  recoverRecord,
  storedBytes,
  typedRecord,
} from "../../../../src-main/ledger/index.ts";
import type { LedgerRecord } from "../../../../src-main/ledger/index.ts";
import { PAYLOAD_FIELDS } from "../../../../src-main/ledger/records/payloads.ts";
import { anyRecord } from "../../../worlds/any-record.ts";

const context = recordContext(sha256, new Uint8Array(32).fill(5));

/** What a foreign wallet is handed, in the form ethers takes. */
function foreign(record: LedgerRecord) {
  const { struct, values } = typedRecord(record, sha256);
  const request = walletRequest(context.genesisHash, struct, values);
  const types = { [struct.name]: struct.fields.map((field) => ({ ...field })) };
  return { domain: request.domain, types, message: request.message };
}

describe("ledger/records/typed-digest", () => {
  it("gives the digest that ethers computes, for every payload kind", () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(anyRecord, (record) => {
        seen.add(record.payload.kind);
        const { domain, types, message } = foreign(record);
        const theirs = TypedDataEncoder.hash(domain, types, message);
        expect(theirs).toBe(`0x${bytesToHex(recordDigest(record, context))}`);
      }),
      { numRuns: 600 },
    );
    // Every kind but the commit, which no account signs.
    expect(seen.size).toBe(Object.keys(PAYLOAD_FIELDS).length - 1);
  });

  it("accepts what an ethers wallet signed", async () => {
    const wallet = new Wallet(`0x${"11".repeat(32)}`);
    const record: LedgerRecord = {
      account: hexToBytes(wallet.address.slice(2)),
      lane: 3,
      nonce: 9n,
      validUntil: 0n,
      maxFee: 77n,
      payload: { kind: "transfer", to: new Uint8Array(20).fill(8), amountBase: 5n },
    };
    const { domain, types, message } = foreign(record);
    const signature = await wallet.signTypedData(domain, types, message);
    const stored = storedBytes(record, hexToBytes(signature.slice(2)));
    const recovered = recoverRecord(stored, context, nobleSignatures);
    expect(recovered).toMatchObject({ ok: true, value: { signer: record.account } });
  });

  it("is one-to-one with the canonical bytes, variable data up to its hash", () => {
    const texts = (record: LedgerRecord) => {
      const { struct, values } = typedRecord(record, sha256);
      const words = Object.entries(values).map(([name, value]) => {
        return [name, value instanceof Uint8Array ? bytesToHex(value) : String(value)];
      });
      return JSON.stringify([struct.name, words]);
    };
    fc.assert(
      fc.property(anyRecord, anyRecord, (left, right) => {
        const bytes = encode(recordCodec, left);
        const back = decode(recordCodec, bytes);
        expect(back).toEqual({ ok: true, value: left });
        const same = bytesToHex(bytes) === bytesToHex(encode(recordCodec, right));
        expect(texts(left) === texts(right)).toBe(same);
      }),
    );
  });

  it("changes with every byte of the record", () => {
    fc.assert(
      fc.property(anyRecord, fc.nat(), fc.integer({ min: 1, max: 255 }), (record, at, flip) => {
        const bytes = encode(recordCodec, record);
        bytes[at % bytes.length] ^= flip;
        const changed = decode(recordCodec, bytes);
        if (!changed.ok || changed.value.payload.kind === "commit") return;
        const digest = bytesToHex(recordDigest(changed.value, context));
        expect(digest).not.toBe(bytesToHex(recordDigest(record, context)));
      }),
      { numRuns: 300 },
    );
  });

  it("differs between networks", () => {
    const other = recordContext(sha256, new Uint8Array(32).fill(6));
    const [record] = fc.sample(anyRecord, { numRuns: 1, seed: 1 });
    const here = bytesToHex(recordDigest(record, context));
    expect(bytesToHex(recordDigest(record, other))).not.toBe(here);
  });
});
