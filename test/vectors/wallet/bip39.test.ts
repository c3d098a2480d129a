/** Vectors published with BIP-39 (passphrase "TREZOR") and accounts that every wallet agrees on. */

import { describe, expect, it } from "vitest";

import { bytesToHex, hexToBytes } from "../../../src-main/contract/bytes.ts";
import { addressToText } from "../../../src-main/crypto/index.ts";
import { keyOfPhrase, parsePhrase } from "../../../src-main/wallet/index.ts";
import { phraseOfEntropy, seedOfPhrase } from "../../../src-main/wallet/phrase.ts";

const PUBLISHED = [
  [
    "00".repeat(16),
    `${"abandon ".repeat(11)}about`,
    "c55257c360c07c72029aebc1b53c05ed0362ada38ead3e3e9efa3708e5349553" +
      "1f09a6987599d18264c1e1c92f2cf141630c7a3c4ab7c81b2f001698e7463b04",
  ],
  [
    "7f".repeat(16),
    "legal winner thank year wave sausage worth useful legal winner thank yellow",
    "2e8905819b8723fe2c1d161860e5ee1830318dbf49a83bd451cfb8440c28bd6f" +
      "a457fe1296106559a3c80937a1c1069be3a3a5bd381ee6260e8d9739fce1f607",
  ],
  [
    "ff".repeat(16),
    `${"zoo ".repeat(11)}wrong`,
    "ac27495480225222079d7be181583751e86f571027b0497b5b5d11218e0a8a13" +
      "332572917f0f8e5a589620c6f15b11c61dee327651a14c34e18231052e48c069",
  ],
  [
    "00".repeat(32),
    `${"abandon ".repeat(23)}art`,
    "bda85446c68413707090a52022edd26a1c9462295029f2e60cd7c4f2bbd30971" +
      "70af7a4d73245cafa9c3cca8d561a7c3de6f5d4a10be8ed2a5e608d68f92fcc8",
  ],
  [
    "9e885d952ad362caeb4efe34a8e91bd2",
    "ozone drill grab fiber curtain grace pudding thank cruise elder eight picnic",
    "274ddc525802f7c828d8ef7ddbcdc5304e87ac3535913611fbbfa986d0c9e547" +
      "6c91689f9c8a54fd55bd38606aa6a8595ad213d4c9c9f9aca3fb217069a41028",
  ],
] as const;

describe.each(PUBLISHED)("the vector of %s", (entropy, phrase, seed) => {
  it("gives the published words and seed, and is read back", () => {
    expect(phraseOfEntropy(hexToBytes(entropy))).toBe(phrase);
    expect(bytesToHex(seedOfPhrase(phrase, "TREZOR"))).toBe(seed);
    expect(parsePhrase(phrase)).toEqual({ ok: true, value: phrase });
  });
});

describe("accounts at m/44'/60'/0'/0/0", () => {
  it("are those of other wallets", () => {
    const account = (phrase: string) => addressToText(keyOfPhrase(phrase).address);
    expect(account(`${"test ".repeat(11)}junk`)).toBe("0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266");
    expect(account(PUBLISHED[0][1])).toBe("0x9858EfFD232B4033E47d90003D41EC34EcaEda94");
  });
});
