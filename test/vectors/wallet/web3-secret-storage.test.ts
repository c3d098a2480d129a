/** The keystores published with the Web3 Secret Storage Definition, version 3, open here. */

import { describe, expect, it } from "vitest";

import { bytesToHex } from "../../../src-main/contract/bytes.ts";
import { addressToText } from "../../../src-main/crypto/index.ts";
import { openKeystore } from "../../../src-main/wallet/index.ts";

const PASSWORD = "testpassword";
const SECRET = "7a28b5ba57c53603b0b07b56bba752f7784bf506fa95edc395f5cf6c7514fe9d";
const ADDRESS = "0x008AeEda4D805471dF9b2A5B0f38A0C3bCBA786b";

const PUBLISHED = {
  pbkdf2: {
    cipher: "aes-128-ctr",
    cipherparams: { iv: "6087dab2f9fdbbfaddc31a909735c1e6" },
    ciphertext: "5318b4d5bcd28de64ee5559e671353e16f075ecae9f99c7a79a38af5f869aa46",
    kdf: "pbkdf2",
    kdfparams: {
      c: 262_144,
      dklen: 32,
      prf: "hmac-sha256",
      salt: "ae3cd4e7013836a3df6bd7241b12db061dbe2c6785853cce422d148a624ce0bd",
    },
    mac: "517ead924a9d0dc3124507e3393d175ce3ff7c1e96529c6c555ce9e51205e9b2",
  },
  /** r = 1 with n = 2^18, which RFC 7914 does not allow and older programs write. */
  scrypt: {
    cipher: "aes-128-ctr",
    cipherparams: { iv: "83dbcc02d8ccb40e466191a123791e0e" },
    ciphertext: "d172bf743a674da9cdad04534d56926ef8358534d458fffccd4e6ad2fbde479c",
    kdf: "scrypt",
    kdfparams: {
      dklen: 32,
      n: 262_144,
      r: 1,
      p: 8,
      salt: "ab0c7876052600dd703518d6fc3fe8984592145b591fc8fb5c6d43190334ba19",
    },
    mac: "2103ac29920d71da29f15d75b4a16dbe95cfd7ff8faea1056c33131d846e3097",
  },
} as const;

const KDFS = Object.keys(PUBLISHED) as (keyof typeof PUBLISHED)[];

const text = (crypto: object) =>
  JSON.stringify({ crypto, id: "3198bc9c-6672-5ab3-d995-4942343ae5b6", version: 3 });

describe.each(KDFS)("the published %s keystore", (kdf) => {
  it("opens to the published secret", async () => {
    const opened = await openKeystore(text(PUBLISHED[kdf]), PASSWORD);
    if (!opened.ok) expect.fail(opened.rejection.code);
    expect(bytesToHex(opened.value.secret)).toBe(SECRET);
    expect(addressToText(opened.value.address)).toBe(ADDRESS);
  });

  it("does not open with another password", async () => {
    const opened = await openKeystore(text(PUBLISHED[kdf]), "Testpassword");
    expect(opened).toEqual({ ok: false, rejection: { code: "WALLET_PASSWORD" } });
  });
});
