import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { bytesToHex, hexToBytes } from "../../../src-main/contract/bytes.ts";
import { ed25519PublicKey } from "../../../src-main/crypto/ed25519.ts";
import { vrfOutput, vrfProve, vrfVerify } from "../../../src-main/crypto/vrf.ts";

interface Example {
  readonly secret: string;
  readonly publicKey: string;
  readonly alpha: string;
  readonly proof: string;
  readonly output: string;
}
interface EdgeCase {
  readonly name: string;
  readonly publicKey: string;
  readonly alpha: string;
  readonly proof: string;
  readonly output: string | null;
}

const read = (name: string) => JSON.parse(readFileSync(new URL(name, import.meta.url), "utf8"));
const { examples } = read("rfc9381.json") as { examples: Example[] };
const { cases } = read("vrf-edge.json") as { cases: EdgeCase[] };

describe("RFC 9381 vectors", () => {
  it.each(examples)("proves and verifies the RFC's example with alpha '$alpha'", (example) => {
    const secret = hexToBytes(example.secret);
    const alpha = hexToBytes(example.alpha);
    const { proof, output } = vrfProve(secret, alpha);
    expect(bytesToHex(ed25519PublicKey(secret))).toBe(example.publicKey);
    expect(bytesToHex(proof)).toBe(example.proof);
    expect(bytesToHex(output)).toBe(example.output);
    expect(vrfVerify(hexToBytes(example.publicKey), alpha, proof)).toEqual(output);
    expect(vrfOutput(proof)).toEqual(output);
  });

  it.each(cases)("$name", (each) => {
    const inputs = [each.publicKey, each.alpha, each.proof].map(hexToBytes);
    const output = vrfVerify(inputs[0], inputs[1], inputs[2]);
    expect(output === undefined ? null : bytesToHex(output)).toBe(each.output);
  });

  it("holds forgeries for keys of small order, and a second proof of one output", () => {
    expect(cases.filter((each) => each.name.includes("key of small order"))).toHaveLength(8);
    const second = cases.filter((each) => each.output === examples[1].output);
    expect(second.length).toBeGreaterThan(0);
    for (const each of second) expect(each.proof).not.toBe(examples[1].proof);
  });
});
