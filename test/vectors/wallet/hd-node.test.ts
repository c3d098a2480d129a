/** BIP-39 phrases and BIP-32 keys that ethers.js is held to. */

import { describe, expect, it } from "vitest";
import { bytesToHex, hexToBytes } from "../../../src-main/contract/bytes.ts";
import { keyOfSeed, parsePhrase, phraseOfEntropy } from "../../../src-main/wallet/phrase.ts";
import { seedOfPhrase } from "../../../src-main/wallet/phrase.ts";
import { ethersCases } from "../ethers-cases.ts";

interface Case {
  readonly name: string;
  readonly locale: string;
  readonly entropy: string;
  readonly mnemonic: string;
  readonly password?: string;
  readonly seed: string;
  readonly hdnodes: readonly {
    readonly path: string;
    readonly address: string;
    readonly privateKey: string;
  }[];
}

const FULL = process.env["VIVIAN_FULL"] === "1";
/** A seed takes 20 ms, a key 5 ms: every tenth of the drawn cases, all with VIVIAN_FULL. */
const EACH = FULL ? 1 : 10;

const cases = ethersCases<Case>("hdnode");
const some = cases.filter((each, at) => !each.name.startsWith("random-") || at % EACH === 0);
const bytes = (hex: string) => hexToBytes(hex.slice(2));

describe("HD wallet cases of @ethersproject/testcases", () => {
  it("are read whole", () => {
    expect(cases).toHaveLength(1_409);
    expect(cases.filter(({ locale }) => locale === "en")).toHaveLength(1_094);
    expect(cases.flatMap(({ hdnodes }) => hdnodes)).toHaveLength(6_289);
  });

  it("give each English phrase of its entropy, and it is read back", () => {
    for (const { name, entropy, mnemonic } of cases.filter(({ locale }) => locale === "en")) {
      expect(phraseOfEntropy(bytes(entropy)), name).toBe(mnemonic);
      expect(parsePhrase(mnemonic), name).toEqual({ ok: true, value: mnemonic });
    }
  });

  it("refuse the words of every other language by their codes", () => {
    for (const { name, mnemonic } of cases.filter(({ locale }) => locale !== "en")) {
      const parsed = parsePhrase(mnemonic);
      const code = parsed.ok ? "read" : parsed.rejection.code;
      expect(["WALLET_PHRASE_WORD", "WALLET_PHRASE_CHECKSUM"], name).toContain(code);
    }
  });

  it("give the seed of a phrase in any language", { timeout: 600_000 }, () => {
    for (const { name, mnemonic, password, seed } of some) {
      expect(bytesToHex(seedOfPhrase(mnemonic, password)), name).toBe(seed.slice(2));
    }
  });

  it("give secret key and address at every path", { timeout: 600_000 }, () => {
    for (const { name, seed, hdnodes } of some) {
      for (const { path, privateKey, address } of hdnodes) {
        const key = keyOfSeed(bytes(seed), path);
        expect(bytesToHex(key.secret), `${name} ${path}`).toBe(privateKey.slice(2));
        expect(bytesToHex(key.address), `${name} ${path}`).toBe(address.slice(2));
      }
    }
  });
});
