/**
 * Decides who signs an account's reports: an Ed25519 key derived from the worker's key, so that no
 * other secret needs keeping, and bound to the account by a statement that is leaf 0 of each day's
 * anchored tree.
 */

import { bytesToHex } from "../../contract/bytes.ts";
import type { EnergyReport, KeyStatement } from "../../contract/energy-report.ts";
import { invariant } from "../../contract/outcome.ts";
import { ed25519PublicKey, ed25519Sign, ed25519Verify, hkdfSha256 } from "../../crypto/index.ts";
import { signedBytes } from "./canonical.ts";
import type { UnsignedReport } from "./canonical.ts";
import { REPORT_TAGS } from "./limits.ts";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** Base64url without padding (RFC 4648 section 5). */
export function base64url(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 3) {
    const group = [bytes[at], bytes[at + 1] ?? 0, bytes[at + 2] ?? 0];
    const word = group[0] * 65_536 + group[1] * 256 + group[2];
    const digits = Math.min(4, Math.ceil(((bytes.length - at) * 8) / 6));
    for (let digit = 0; digit < digits; digit += 1) {
      text += ALPHABET[Math.floor(word / 64 ** (3 - digit)) % 64];
    }
  }
  return text;
}

/** Bytes of base64url; undefined for any other text, and for a second spelling of the same. */
export function readBase64url(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array(Math.floor((text.length * 6) / 8));
  let held = 0;
  let bits = 0;
  let at = 0;
  for (const character of text) {
    const value = ALPHABET.indexOf(character);
    if (value < 0) return undefined;
    held = (held * 64 + value) % 65_536;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[at] = Math.floor(held / 2 ** bits) % 256;
      at += 1;
    }
  }
  return base64url(bytes) === text ? bytes : undefined;
}

/** The key that signs reports; `kid` is its public half. */
export interface ReportKey {
  readonly secret: Uint8Array;
  readonly kid: string;
}

/** The report key of an account on a network, from the worker's secret key. */
export function reportKey(workerSecret: Uint8Array, genesisHash: Uint8Array): ReportKey {
  const info = new TextEncoder().encode(REPORT_TAGS.key);
  const secret = hkdfSha256({ secret: workerSecret, salt: genesisHash, info }, 32);
  return { secret, kid: base64url(ed25519PublicKey(secret)) };
}

/** What leaf 0 of an account's days says. */
export function keyStatement(
  kid: string,
  account: Uint8Array,
  genesisHash: Uint8Array,
): KeyStatement {
  const genesis = bytesToHex(genesisHash);
  const address = `0x${bytesToHex(account)}`;
  return { schema: "energy-key/1", genesis, account: address, alg: "Ed25519", kid };
}

/** The report with the miner's signature. */
export function signReport(report: UnsignedReport, key: ReportKey): EnergyReport {
  const signature = base64url(ed25519Sign(key.secret, signedBytes(report)));
  invariant(signature.length === 86, "64 bytes are 86 characters");
  const signed = { role: "miner" as const, alg: "Ed25519" as const, kid: key.kid, sig: signature };
  return { ...report, signatures: [signed] };
}

/** The public key that signed as the miner; undefined where no such signature counts. */
export function minerSignature(report: EnergyReport): string | undefined {
  const bytes = signedBytes(report);
  for (const { role, alg, kid, sig } of report.signatures) {
    if (role !== "miner" || alg !== "Ed25519") continue;
    const publicKey = readBase64url(kid);
    const signature = readBase64url(sig);
    if (publicKey === undefined || signature === undefined) continue;
    if (ed25519Verify(publicKey, bytes, signature)) return kid;
  }
  return undefined;
}
