import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { nativeEd25519Verify } from "../../../src-main/adapters/native-crypto/index.ts";
import { bytesEqual, concatBytes, hexToBytes } from "../../../src-main/contract/bytes.ts";
import { addressOfPublicKey } from "../../../src-main/crypto/address.ts";
import { ed25519Verify } from "../../../src-main/crypto/ed25519.ts";
import { sha256 } from "../../../src-main/crypto/hasher.ts";
import type { SignatureBackend } from "../../../src-main/crypto/secp256k1.ts";
import { signatureBackends } from "./signature-backends.ts";

// Cases of C2SP/wycheproof, read from beside the repository; skipped where it is absent.
const FOLDER = new URL("../../../../shared/vectors/wycheproof/", import.meta.url);
const present = existsSync(FOLDER);
if (!present) console.log("skipped: shared/vectors/wycheproof is not beside the repository");

interface Case {
  readonly tcId: number;
  readonly comment: string;
  readonly msg: string;
  readonly sig: string;
  readonly result: "valid" | "invalid" | "acceptable";
}
interface Group {
  readonly publicKey: { readonly uncompressed?: string; readonly pk?: string };
  readonly tests: readonly Case[];
}

const HALF_ORDER = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n;

function groupsOf(name: string): readonly Group[] {
  const file = JSON.parse(readFileSync(new URL(name, FOLDER), "utf8")) as { testGroups: Group[] };
  return file.testGroups;
}

/** Whether r ‖ s with either v recovers the key's address from the message's SHA-256. */
function recovers(
  backend: SignatureBackend,
  publicKey: string,
  message: string,
  signature: Uint8Array,
): boolean {
  const address = addressOfPublicKey(hexToBytes(publicKey));
  const digest = sha256(hexToBytes(message));
  return [27, 28].some((v) => {
    const whole = concatBytes(signature, new Uint8Array([v]));
    const recovered = backend.recover(digest, whole);
    return recovered !== undefined && bytesEqual(recovered, address);
  });
}

/** r ‖ s of the one DER form of two positive 256-bit integers; undefined for any other bytes. */
function fromDer(bytes: Uint8Array): Uint8Array | undefined {
  if (bytes[0] !== 0x30 || bytes[1] !== bytes.length - 2) return undefined;
  const words: Uint8Array[] = [];
  let at = 2;
  while (at < bytes.length) {
    const size = bytes[at + 1];
    const integer = bytes.subarray(at + 2, at + 2 + size);
    if (bytes[at] !== 2 || integer.length !== size || !isDerInteger(integer)) return undefined;
    const digits = integer[0] === 0 ? integer.subarray(1) : integer;
    if (digits.length > 32) return undefined;
    words.push(concatBytes(new Uint8Array(32 - digits.length), digits));
    at += 2 + size;
  }
  return words.length === 2 ? concatBytes(...words) : undefined;
}

function isDerInteger(integer: Uint8Array): boolean {
  if (integer.length === 0 || integer[0] > 0x7f) return false;
  return integer[0] !== 0 || integer.length === 1 || integer[1] > 0x7f;
}

const isHighS = (signature: string) =>
  signature.length === 128 && BigInt(`0x${signature.slice(64)}`) > HALF_ORDER;

const backends = await signatureBackends();

describe.skipIf(!present).each(backends)("Wycheproof, signatures by %s", (_, backend) => {
  it("agrees on every secp256k1 case in r ‖ s form, a high s being refused", () => {
    const seen = { accepted: 0, highS: 0, beyondOrder: 0, refused: 0 };
    for (const group of groupsOf("ecdsa_secp256k1_sha256_p1363_test.json")) {
      for (const each of group.tests) {
        const verdict = recovers(
          backend,
          group.publicKey.uncompressed ?? "",
          each.msg,
          hexToBytes(each.sig),
        );
        const highS = isHighS(each.sig);
        // The only honest case v 27 and 28 cannot name: R's x is n or more (one in 2^127).
        const beyond = each.comment === "k*G has a large x-coordinate";
        expect(verdict, `${each.tcId} ${each.comment}`).toBe(
          each.result === "valid" && !highS && !beyond,
        );
        if (verdict) seen.accepted += 1;
        else if (each.result === "invalid") seen.refused += 1;
        else if (highS) seen.highS += 1;
        else seen.beyondOrder += 1;
      }
    }
    expect(seen).toEqual({ accepted: 95, highS: 72, beyondOrder: 0, refused: 85 });
  });

  it("agrees on every secp256k1 case of the Bitcoin variant that is one DER form", () => {
    const seen = { accepted: 0, refused: 0, otherForm: 0 };
    for (const group of groupsOf("ecdsa_secp256k1_sha256_bitcoin_test.json")) {
      for (const each of group.tests) {
        const signature = fromDer(hexToBytes(each.sig));
        if (signature === undefined) {
          expect(each.result, `${each.tcId} ${each.comment}`).toBe("invalid");
          seen.otherForm += 1;
          continue;
        }
        const key = group.publicKey.uncompressed ?? "";
        const verdict = recovers(backend, key, each.msg, signature);
        const beyond = each.comment === "k*G has a large x-coordinate";
        expect(verdict, `${each.tcId} ${each.comment}`).toBe(each.result === "valid" && !beyond);
        if (verdict) seen.accepted += 1;
        else seen.refused += 1;
      }
    }
    expect(seen).toEqual({ accepted: 161, refused: 70, otherForm: 232 });
  });
});

const ED25519 = [
  ["the definition", ed25519Verify],
  ["OpenSSL", nativeEd25519Verify],
] as const;

describe.skipIf(!present).each(ED25519)("Wycheproof, Ed25519 by %s", (_, verify) => {
  it("agrees on every Ed25519 case", () => {
    let accepted = 0;
    for (const group of groupsOf("ed25519_test.json")) {
      const publicKey = hexToBytes(group.publicKey.pk ?? "");
      for (const each of group.tests) {
        const verdict = verify(publicKey, hexToBytes(each.msg), hexToBytes(each.sig));
        expect(verdict, `${each.tcId} ${each.comment}`).toBe(each.result === "valid");
        if (verdict) accepted += 1;
      }
    }
    expect(accepted).toBe(88);
  });
});
