import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decode, encode } from "../../src-main/codec/index.ts";
import type { Codec } from "../../src-main/codec/index.ts";
import { signGuardCodec } from "../../src-main/consensus/index.ts";
import { nobleSignatures, sha256 } from "../../src-main/crypto/index.ts";
import {
  certificateCodec,
  decodeStored,
  decodeStoredCommit,
  effectCodec,
  genesisCodec,
  headCodec,
  receiptCodec,
  recordCodec,
  recordContext,
  recordOutcomeCodec,
  recoverRecord,
  stateProofCodec,
  statementCodec,
  verifyCertificate,
  verifyReceipt,
  verifyStateProof,
  voteCodec,
} from "../../src-main/ledger/index.ts";
import type { Receipt } from "../../src-main/ledger/index.ts";
import { certify, receiptFor, scheme } from "../worlds/certified-world.ts";
import { PracticeWorld } from "../worlds/practice-world.ts";
import { UnitLife } from "../worlds/unit-life.ts";

const world = new PracticeWorld();
new UnitLife(world).until("verdict").take("verdict");
world.commit();
const newest = world.commits[world.commits.length - 1];
const receipt = receiptFor(world, 9n);
const certificate = certify(world, newest);
const proof = { siblings: [new Uint8Array(32)], leaf: undefined };

/** Every format of the room with the bytes of a sound value. */
const FORMATS: readonly (readonly [string, Codec<unknown>, Uint8Array])[] = [
  ["record", recordCodec as Codec<unknown>, encode(recordCodec, newest.commit)],
  ["outcome", recordOutcomeCodec as Codec<unknown>, world.commits[1].outcomeBytes[0]],
  [
    "effect",
    effectCodec as Codec<unknown>,
    encode(effectCodec, world.commits[1].effects[0].effect),
  ],
  ["genesis", genesisCodec as Codec<unknown>, encode(genesisCodec, world.genesis)],
  ["head", headCodec as Codec<unknown>, encode(headCodec, world.head)],
  ["statement", statementCodec as Codec<unknown>, encode(statementCodec, certificate.statement)],
  ["certificate", certificateCodec as Codec<unknown>, encode(certificateCodec, certificate)],
  ["receipt", receiptCodec as Codec<unknown>, encode(receiptCodec, receipt)],
  ["state proof", stateProofCodec as Codec<unknown>, encode(stateProofCodec, proof)],
  ["vote", voteCodec as Codec<unknown>, new Uint8Array(0)],
  ["sign guard", signGuardCodec as Codec<unknown>, new Uint8Array(3)],
];

/** Sound bytes with a few faults, or any bytes at all. */
const faulty = (sound: Uint8Array) =>
  fc.oneof(
    fc.uint8Array({ maxLength: 400 }),
    fc
      .tuple(
        fc.array(fc.tuple(fc.nat(Math.max(1, sound.length)), fc.nat(255)), { maxLength: 4 }),
        fc.nat(sound.length),
        fc.boolean(),
      )
      .map(([flips, cut, whole]) => {
        const bytes = sound.slice(0, whole ? sound.length : cut);
        for (const [at, value] of flips) if (at < bytes.length) bytes[at] = value;
        return bytes;
      }),
  );

describe("ledger decoders", () => {
  it.each(FORMATS)("%s: a value that writes the same bytes, or a rejection", (_, codec, sound) => {
    fc.assert(
      fc.property(faulty(sound), (bytes) => {
        const read = decode(codec, bytes);
        if (read.ok) expect(encode(codec, read.value)).toEqual(bytes);
        else expect(read.rejection.code).toMatch(/^CODEC_/);
      }),
      { numRuns: 400 },
    );
  });

  it("slots of any bytes are read, recovered or refused, never thrown at", () => {
    const context = recordContext(sha256, world.head.genesisHash);
    const sound = newest.stored[0];
    fc.assert(
      fc.property(faulty(sound), (bytes) => {
        for (const read of [
          decodeStored(bytes),
          decodeStoredCommit(bytes, sha256),
          recoverRecord(bytes, context, nobleSignatures),
        ]) {
          if (!read.ok) expect(read.rejection.code).toMatch(/^(CODEC|LEDGER)_/);
        }
        const executed = world.needs.recoverRecord(bytes);
        expect(typeof executed.ok).toBe("boolean");
      }),
      { numRuns: 400 },
    );
  });

  it("no changed receipt, certificate or state proof verifies or throws", () => {
    const context = { hasher: sha256, genesis: world.genesis, scheme };
    const sound = encode(receiptCodec, receipt);
    const { validators } = world.genesis;
    fc.assert(
      fc.property(faulty(sound), (bytes) => {
        const read = decode(receiptCodec, bytes);
        if (!read.ok) return;
        const verified = verifyReceipt(read.value as Receipt, context);
        expect(verified.ok).toBe(false);
        const { genesisHash } = world.head;
        const whole = { genesisHash, validators, scheme };
        expect(verifyCertificate(read.value.certificate, whole).ok).toBe(false);
        const root = world.head.stateRoot;
        expect(verifyStateProof(sha256, root, root, undefined, proof)).toBe(false);
      }),
      { numRuns: 300 },
    );
  });
});
