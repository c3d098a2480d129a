import { decryptKeystoreJson, encryptKeystoreJson } from "ethers";
import { describe, expect, it } from "vitest";

import { bytesToHex, hexToBytes } from "../../../src-main/contract/bytes.ts";
import { addressOfSecretKey, addressToText } from "../../../src-main/crypto/index.ts";
import {
  checkKeystore,
  checkNewPassword,
  openKeystore,
  SCRYPT_COST,
  sealKeystore,
  statedAddress,
} from "../../../src-main/wallet/keystore.ts";

const secret = hexToBytes("c0".repeat(32));
const key = { secret, address: addressOfSecretKey(secret) };
const PASSWORD = "correct horse";
/** Cheap enough for a unit test; the standard cost is tested as a number. */
const COST = 2;

const codeOf = async (text: string, password = PASSWORD) => {
  const opened = await openKeystore(text, password);
  return opened.ok ? "" : opened.rejection.code;
};

interface Shape {
  version: number;
  address: string;
  crypto: Record<string, unknown> & { kdfparams: Record<string, unknown> };
}

const changed = async (change: (shape: Shape) => void) => {
  const shape = JSON.parse(await sealKeystore(key, PASSWORD, COST)) as Shape;
  change(shape);
  return JSON.stringify(shape);
};

describe("sealKeystore", () => {
  it("gives what another wallet opens, and what opens here", async () => {
    const sealed = await sealKeystore(key, PASSWORD, COST);
    const { address, privateKey } = await decryptKeystoreJson(sealed, PASSWORD);
    expect(privateKey).toBe(`0x${bytesToHex(secret)}`);
    expect(address).toBe(addressToText(key.address));
    expect(await openKeystore(sealed, PASSWORD)).toEqual({ ok: true, value: key });
  });

  it("hides the key, states the address, and names its part as the standard does", async () => {
    const sealed = await sealKeystore(key, PASSWORD, COST);
    expect(sealed).not.toContain(bytesToHex(secret));
    expect(statedAddress(sealed)).toEqual(key.address);
    expect(Object.keys(JSON.parse(sealed) as object)).toContain("crypto");
    expect(SCRYPT_COST).toBe(2 ** 17);
  });

  it("never seals the same bytes twice", async () => {
    expect(await sealKeystore(key, PASSWORD, COST)).not.toBe(
      await sealKeystore(key, PASSWORD, COST),
    );
  });
});

describe("openKeystore", () => {
  it("opens what another wallet made", async () => {
    const account = { address: addressToText(key.address), privateKey: `0x${bytesToHex(secret)}` };
    const made = await encryptKeystoreJson(account, PASSWORD, { scrypt: { N: COST, r: 8, p: 1 } });
    expect(await openKeystore(made, PASSWORD)).toEqual({ ok: true, value: key });
  });

  it("tells a wrong password from a file that is no keystore", async () => {
    const sealed = await sealKeystore(key, PASSWORD, COST);
    expect(await codeOf(sealed, "wrong horse")).toBe("WALLET_PASSWORD");
    for (const length of [0, 1, 100, sealed.length - 3]) {
      expect(await codeOf(sealed.slice(0, length)), String(length)).toBe("WALLET_KEYSTORE_FORM");
    }
  });

  it("refuses every part that is missing, of another kind or too long", async () => {
    const changes: ((shape: Shape) => void)[] = [
      (shape) => (shape.version = 4),
      (shape) => (shape.crypto["cipher"] = "aes-256-gcm"),
      (shape) => (shape.crypto["cipherparams"] = { iv: "00" }),
      (shape) => (shape.crypto["ciphertext"] = "00".repeat(31)),
      (shape) => (shape.crypto["mac"] = "zz".repeat(32)),
      (shape) => (shape.crypto["kdf"] = "md5"),
      (shape) => (shape.crypto.kdfparams["n"] = 3),
      (shape) => (shape.crypto.kdfparams["p"] = 0),
      (shape) => (shape.crypto.kdfparams["dklen"] = 16),
      (shape) => (shape.crypto.kdfparams["salt"] = ""),
      (shape) => (shape.address = "00".repeat(20)),
      (shape) => (shape.crypto["padding"] = "x".repeat(70_000)),
    ];
    for (const change of changes) {
      expect(await codeOf(await changed(change)), String(change)).toBe("WALLET_KEYSTORE_FORM");
    }
    for (const text of ["null", "[]", "3", '"x"', "{}"]) {
      expect(await codeOf(text), text).toBe("WALLET_KEYSTORE_FORM");
    }
  });

  it("takes a changed key for a wrong password: the file's own sum is all there is", async () => {
    const text = await changed((shape) => (shape.crypto["ciphertext"] = "00".repeat(32)));
    expect(await codeOf(text)).toBe("WALLET_PASSWORD");
  });
});

describe("checkKeystore", () => {
  it("refuses costs that would take all memory or hours, before anything is computed", async () => {
    const code = (text: string) => {
      const checked = checkKeystore(text);
      return checked.ok ? "" : checked.rejection.code;
    };
    const huge = await changed((shape) => (shape.crypto.kdfparams["n"] = 2 ** 40));
    expect(code(huge)).toBe("WALLET_KEYSTORE_COST");
    const wide = await changed((shape) => (shape.crypto.kdfparams["p"] = 1_000));
    expect(code(wide)).toBe("WALLET_KEYSTORE_COST");
    const slow = await changed((shape) => {
      shape.crypto["kdf"] = "pbkdf2";
      const salt = shape.crypto.kdfparams["salt"];
      shape.crypto.kdfparams = { c: 2 ** 40, dklen: 32, prf: "hmac-sha256", salt };
    });
    expect(code(slow)).toBe("WALLET_KEYSTORE_COST");
    expect(code(await changed((shape) => (shape.crypto.kdfparams["n"] = 2 ** 18)))).toBe("");
  });
});

describe("checkNewPassword", () => {
  it("counts characters, not bytes, and wants 8", () => {
    const refused = checkNewPassword("1234567");
    expect(refused.ok ? "" : refused.rejection.code).toBe("WALLET_PASSWORD_LENGTH");
    expect(checkNewPassword("12345678").ok).toBe(true);
    expect(checkNewPassword("🔑🔑🔑🔑").ok).toBe(false);
    expect(checkNewPassword("x".repeat(1_025)).ok).toBe(false);
  });
});
