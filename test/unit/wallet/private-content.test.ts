import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  encryptionKeyOf,
  openContent,
  sealContent,
  unwrapSubjectKey,
  wrapSubjectKey,
} from "../../../src-main/wallet/index.ts";
import type { Outcome } from "../../../src-main/contract/outcome.ts";

const codeOf = (outcome: Outcome<unknown>) => (outcome.ok ? "" : outcome.rejection.code);
const bytes = (value: number, count: number) => new Uint8Array(count).fill(value);
const at = { subject: bytes(1, 32), keyEpoch: 3 };
const key = bytes(7, 32);
const owner = bytes(2, 20);
const nonce = bytes(4, 24);

describe("wallet/private-content", () => {
  it("gives content back to whoever has the key, for that subject, epoch and owner alone", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (plaintext) => {
        const ciphertext = sealContent(at, key, nonce, { owner, plaintext });
        expect(openContent(at, key, nonce, { owner, ciphertext })).toEqual({
          ok: true,
          value: plaintext,
        });
        const wrong = [
          openContent({ ...at, keyEpoch: 4 }, key, nonce, { owner, ciphertext }),
          openContent({ ...at, subject: bytes(9, 32) }, key, nonce, { owner, ciphertext }),
          openContent(at, bytes(8, 32), nonce, { owner, ciphertext }),
          openContent(at, key, bytes(5, 24), { owner, ciphertext }),
          openContent(at, key, nonce, { owner: bytes(3, 20), ciphertext }),
          openContent(at, key, nonce, { owner, ciphertext: ciphertext.slice(1) }),
        ];
        for (const outcome of wrong) expect(codeOf(outcome)).toBe("CRYPTO_DECRYPT");
      }),
    );
  });

  it("wraps a key to one reader, who cannot pass it on as another's", () => {
    const reader = encryptionKeyOf(bytes(11, 32));
    const address = bytes(12, 20);
    const to = { address, encryptionKey: reader.publicKey };
    const wrapped = wrapSubjectKey(at, key, to, bytes(13, 32));
    if (!wrapped.ok) throw new Error(wrapped.rejection.code);
    const own = { address, secret: reader.secret };
    expect(unwrapSubjectKey(at, wrapped.value, own)).toEqual({ ok: true, value: key });
    const other = encryptionKeyOf(bytes(14, 32));
    const wrong = [
      unwrapSubjectKey(at, wrapped.value, { address, secret: other.secret }),
      unwrapSubjectKey(at, wrapped.value, { ...own, address: bytes(15, 20) }),
      unwrapSubjectKey({ ...at, keyEpoch: 0 }, wrapped.value, own),
    ];
    for (const outcome of wrong) expect(codeOf(outcome)).toBe("CRYPTO_DECRYPT");
  });

  it("makes one encryption key from one account", () => {
    expect(encryptionKeyOf(bytes(1, 32))).toEqual(encryptionKeyOf(bytes(1, 32)));
    expect(encryptionKeyOf(bytes(1, 32)).secret).not.toEqual(encryptionKeyOf(bytes(2, 32)).secret);
    expect(encryptionKeyOf(bytes(1, 32)).secret).not.toEqual(bytes(1, 32));
  });
});
