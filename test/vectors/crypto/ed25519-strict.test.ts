import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { nativeEd25519Verify } from "../../../src-main/adapters/native-crypto/index.ts";
import { hexToBytes } from "../../../src-main/contract/bytes.ts";
import { ed25519Verify } from "../../../src-main/crypto/ed25519.ts";

interface Case {
  readonly name: string;
  readonly publicKey: string;
  readonly message: string;
  readonly signature: string;
  readonly valid: boolean;
  readonly zip215: boolean;
}

const FILE = new URL("ed25519-strict.json", import.meta.url);
const { cases } = JSON.parse(readFileSync(FILE, "utf8")) as { cases: Case[] };

const BACKENDS = [
  ["the definition", ed25519Verify],
  ["OpenSSL", nativeEd25519Verify],
] as const;

describe.each(BACKENDS)("strict Ed25519 edge cases, %s", (_, verify) => {
  it.each(cases)("$name: $valid", (each) => {
    const inputs = [each.publicKey, each.message, each.signature].map(hexToBytes);
    expect(verify(inputs[0], inputs[1], inputs[2])).toBe(each.valid);
  });
});

describe("the table of strict Ed25519 edge cases", () => {
  it("holds cases a lenient rule would accept, so the table can tell rules apart", () => {
    expect(cases.filter((each) => each.zip215 && !each.valid).length).toBeGreaterThan(30);
  });
});
