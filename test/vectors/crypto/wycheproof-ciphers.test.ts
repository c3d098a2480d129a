import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { bytesToHex, concatBytes, hexToBytes } from "../../../src-main/contract/bytes.ts";
import {
  decryptWithKey,
  encryptWithKey,
  HKDF_BYTES_MAX,
  hkdfSha256,
  isX25519PublicKey,
  x25519SharedSecret,
} from "../../../src-main/crypto/index.ts";

// Cases of C2SP/wycheproof, read from beside the repository; skipped where it is absent.
const FOLDER = new URL("../../../../shared/vectors/wycheproof/", import.meta.url);
const present = existsSync(FOLDER);
if (!present) console.log("skipped: shared/vectors/wycheproof is not beside the repository");

interface Common {
  readonly tcId: number;
  readonly comment: string;
  readonly flags: readonly string[];
  readonly result: "valid" | "invalid" | "acceptable";
}
interface HkdfCase extends Common {
  readonly ikm: string;
  readonly salt: string;
  readonly info: string;
  readonly size: number;
  readonly okm: string;
}
interface AgreementCase extends Common {
  readonly public: string;
  readonly private: string;
  readonly shared: string;
}
interface CipherCase extends Common {
  readonly key: string;
  readonly iv: string;
  readonly aad: string;
  readonly msg: string;
  readonly ct: string;
  readonly tag: string;
}

function casesOf<Case>(name: string): readonly Case[] {
  const text = readFileSync(new URL(name, FOLDER), "utf8");
  const file = JSON.parse(text) as { testGroups: { tests: Case[] }[] };
  return file.testGroups.flatMap(({ tests }) => tests);
}

describe.skipIf(!present)("Wycheproof, ciphers", () => {
  it("agrees on every HKDF-SHA256 case; three ask for more bytes than there are", () => {
    const seen = { valid: 0, tooMany: 0 };
    for (const each of casesOf<HkdfCase>("hkdf_sha256_test.json")) {
      if (each.result !== "valid") {
        expect(each.size, `${each.tcId}`).toBeGreaterThan(HKDF_BYTES_MAX);
        seen.tooMany += 1;
        continue;
      }
      const [secret, salt, info] = [each.ikm, each.salt, each.info].map(hexToBytes);
      const bytes = hkdfSha256({ secret, salt, info }, each.size);
      expect(bytesToHex(bytes), `${each.tcId} ${each.comment}`).toBe(each.okm);
      seen.valid += 1;
    }
    expect(seen).toEqual({ valid: 83, tooMany: 3 });
  });

  it("agrees on every X25519 case, a secret of zeros being refused", () => {
    const seen = { agreed: 0, refused: 0 };
    const registered = { canonical: 0, otherForm: 0 };
    for (const each of casesOf<AgreementCase>("x25519_test.json")) {
      const note = `${each.tcId} ${each.comment}`;
      const zero = each.flags.includes("ZeroSharedSecret");
      expect(/^0+$/.test(each.shared), note).toBe(zero);
      const [secret, publicKey] = [each.private, each.public].map(hexToBytes);
      const shared = x25519SharedSecret(secret, publicKey);
      if (zero) {
        expect(shared, note).toMatchObject({ rejection: { code: "CRYPTO_SHARED_SECRET" } });
        expect(isX25519PublicKey(publicKey), note).toBe(false);
        seen.refused += 1;
        continue;
      }
      expect(shared.ok && bytesToHex(shared.value), note).toBe(each.shared);
      seen.agreed += 1;
      const topBit = publicKey[31] > 0x7f;
      const canonical = !each.flags.includes("NonCanonicalPublic") && !topBit;
      expect(isX25519PublicKey(publicKey), note).toBe(canonical);
      registered[canonical ? "canonical" : "otherForm"] += 1;
    }
    expect(seen).toEqual({ agreed: 487, refused: 31 });
    expect(registered).toEqual({ canonical: 474, otherForm: 13 });
  });

  it("agrees on every XChaCha20-Poly1305 case, both ways", () => {
    const seen = { valid: 0, refused: 0, nonceSize: 0 };
    for (const each of casesOf<CipherCase>("xchacha20_poly1305_test.json")) {
      const note = `${each.tcId} ${each.comment}`;
      const [key, nonce, data, text] = [each.key, each.iv, each.aad, each.msg].map(hexToBytes);
      const hidden = concatBytes(hexToBytes(each.ct), hexToBytes(each.tag));
      if (each.flags.includes("InvalidNonceSize")) {
        expect(() => decryptWithKey(key, nonce, hidden, data), note).toThrow("24 bytes");
        seen.nonceSize += 1;
        continue;
      }
      const opened = decryptWithKey(key, nonce, hidden, data);
      if (each.result === "valid") {
        expect(opened, note).toEqual({ ok: true, value: text });
        expect(bytesToHex(encryptWithKey(key, nonce, text, data)), note).toBe(bytesToHex(hidden));
        seen.valid += 1;
      } else {
        expect(opened, note).toMatchObject({ rejection: { code: "CRYPTO_DECRYPT" } });
        seen.refused += 1;
      }
    }
    expect(seen).toEqual({ valid: 246, refused: 60, nonceSize: 9 });
  });
});
