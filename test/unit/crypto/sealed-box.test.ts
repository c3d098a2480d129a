import { createPrivateKey, createPublicKey, diffieHellman, hkdfSync } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bytesToHex, concatBytes } from "../../../src-main/contract/bytes.ts";
import { BrokenInvariant } from "../../../src-main/contract/outcome.ts";
import { sha256 } from "../../../src-main/crypto/hasher.ts";
import { openSealed, SEALED_EXTRA_BYTES, sealTo } from "../../../src-main/crypto/sealed-box.ts";
import { x25519PublicKey } from "../../../src-main/crypto/x25519.ts";
import { decryptWithKey } from "../../../src-main/crypto/xchacha20-poly1305.ts";

const SECRET = sha256(Uint8Array.of(1));
const PUBLIC = x25519PublicKey(SECRET);
const CHANCE = sha256(Uint8Array.of(2));
const CONTEXT = new TextEncoder().encode("subject 1, key epoch 0");

/** Sealed bytes, or a failed test. */
function sealed(plaintext: Uint8Array, chance = CHANCE, context = CONTEXT): Uint8Array {
  const bytes = sealTo(PUBLIC, plaintext, chance, context);
  if (!bytes.ok) expect.fail(bytes.rejection.code);
  return bytes.value;
}

const codeOf = (outcome: ReturnType<typeof openSealed>) =>
  outcome.ok ? "opened" : outcome.rejection.code;

/** The same keys as Node's own X25519 takes them (RFC 8410). */
const nodeSecret = (secret: Uint8Array) =>
  createPrivateKey({
    key: Buffer.concat([Buffer.from("302e020100300506032b656e04220420", "hex"), secret]),
    format: "der",
    type: "pkcs8",
  });
const nodePublic = (key: Uint8Array) =>
  createPublicKey({
    key: Buffer.concat([Buffer.from("302a300506032b656e032100", "hex"), key]),
    format: "der",
    type: "spki",
  });

describe("crypto/sealed-box", () => {
  it("is opened by the holder of the key, for any bytes and context", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.uint8Array({ maxLength: 60 }),
        (text, context) => {
          const bytes = sealed(text, CHANCE, context);
          expect(bytes).toHaveLength(text.length + SEALED_EXTRA_BYTES);
          expect(openSealed(SECRET, bytes, context)).toEqual({ ok: true, value: text });
        },
      ),
      { numRuns: 40 },
    );
  });

  it("wraps a 32-byte key into 80 bytes", () => {
    expect(sealed(sha256(CONTEXT))).toHaveLength(80);
  });

  it("refuses another key, another context, and every changed byte", () => {
    const bytes = sealed(Uint8Array.of(1, 2, 3));
    expect(codeOf(openSealed(sha256(CHANCE), bytes, CONTEXT))).toBe("CRYPTO_DECRYPT");
    expect(codeOf(openSealed(SECRET, bytes, CONTEXT.subarray(1)))).toBe("CRYPTO_DECRYPT");
    for (let at = 0; at < bytes.length; at += 1) {
      const changed = bytes.with(at, bytes[at] ^ 0x80);
      const expected = at === 31 ? "CRYPTO_SEALED_FORM" : "CRYPTO_DECRYPT";
      expect(codeOf(openSealed(SECRET, changed, CONTEXT)), `byte ${at}`).toBe(expected);
    }
  });

  it("refuses what is too short, and a first key that agrees on nothing", () => {
    const bytes = sealed(new Uint8Array(0));
    for (let size = 0; size < bytes.length; size += 1) {
      const code = codeOf(openSealed(SECRET, bytes.subarray(0, size), CONTEXT));
      expect(code).toBe("CRYPTO_SEALED_FORM");
    }
    for (const first of [new Uint8Array(32), new Uint8Array(32).with(0, 1)]) {
      const code = codeOf(openSealed(SECRET, concatBytes(first, bytes.subarray(32)), CONTEXT));
      expect(code).toBe("CRYPTO_SEALED_FORM");
    }
  });

  it("refuses to seal to a key that agrees on nothing or is written otherwise", () => {
    for (const key of [
      new Uint8Array(32),
      new Uint8Array(31),
      PUBLIC.with(31, PUBLIC[31] | 0x80),
    ]) {
      expect(sealTo(key, CONTEXT, CHANCE, CONTEXT)).toMatchObject({
        ok: false,
        rejection: { code: "CRYPTO_ENCRYPTION_KEY" },
      });
    }
  });

  it("never uses one key stream twice, even where chance repeats", () => {
    const first = sealed(new Uint8Array(40));
    const others = [
      sealed(new Uint8Array(40).with(0, 1)),
      sealed(new Uint8Array(40), CHANCE, CONTEXT.subarray(1)),
      sealed(new Uint8Array(40), sha256(CHANCE)),
    ];
    const front = (bytes: Uint8Array) => bytesToHex(bytes.subarray(0, 32));
    expect(new Set([first, ...others].map(front)).size).toBe(4);
    expect(sealed(new Uint8Array(40))).toEqual(first);
  });

  it("keeps its bytes, and they are what the description says", () => {
    // A change here is a change of format: grants that were recorded could not be opened any more.
    const bytes = sealed(Uint8Array.of(1, 2, 3));
    expect(bytesToHex(sha256(bytes))).toBe(
      "256d1c72c99301fd959ab3ce5d676bbc61f0fb09bd8edf5e91882ca33dbcbc11",
    );
    const ephemeral = bytes.slice(0, 32);
    const secret = diffieHellman({
      privateKey: nodeSecret(SECRET),
      publicKey: nodePublic(ephemeral),
    });
    const tag = new TextEncoder().encode("vivian/sealed-box/key/1");
    const info = concatBytes(tag, ephemeral, PUBLIC, CONTEXT);
    const derived = new Uint8Array(hkdfSync("sha256", secret, new Uint8Array(0), info, 56));
    const [key, nonce] = [derived.slice(0, 32), derived.slice(32)];
    const opened = decryptWithKey(key, nonce, bytes.subarray(32), new Uint8Array(0));
    expect(opened).toEqual({ ok: true, value: Uint8Array.of(1, 2, 3) });
  });

  it("stops at chance of another size and at a secret that nobody checked", () => {
    expect(() => sealTo(PUBLIC, CONTEXT, CHANCE.subarray(1), CONTEXT)).toThrow(BrokenInvariant);
    expect(() => openSealed(new Uint8Array(32), sealed(CONTEXT), CONTEXT)).toThrow(BrokenInvariant);
  });
});
