/**
 * Decides how a key lies encrypted on disk: Web3 Secret Storage, version 3, with scrypt, which
 * other wallets open too. What is read may come from anywhere: its form and its cost are checked
 * before any of it is computed.
 */

import { bytesToHex, hexToBytes } from "../contract/bytes.ts";
import { accept, reject } from "../contract/outcome.ts";
import type { Outcome } from "../contract/outcome.ts";
import {
  addressOfSecretKey,
  addressToText,
  isSecretKey,
  parseAddress,
  scryptKey,
} from "../crypto/index.ts";
import type { AccountKey } from "./development-keys.ts";
import {
  KEYSTORE_BYTES_MAX,
  PASSWORD_CHARACTERS_MAX,
  PASSWORD_CHARACTERS_MIN,
  PBKDF2_ROUNDS_MAX,
  SCRYPT_MEMORY_BYTES_MAX,
  SCRYPT_PARALLEL_MAX,
} from "./limits.ts";

/** Cost of guessing a password: about a second and 128 MiB for each try (ethers' and geth's). */
export const SCRYPT_COST = 131_072;

/** Loaded when a keystore is made or opened: it is large, and a daemon never needs it. */
async function ethersWallet() {
  const [wallet, { scrypt }] = await Promise.all([
    import("ethers/wallet"),
    import("ethers/crypto"),
  ]);
  // Its own scrypt refuses keystores of older programs (see `scryptKey`).
  scrypt.register((password, salt, n, r, p, bytes) =>
    scryptKey(password, salt, { n, r, p }, bytes),
  );
  return wallet;
}

/** Whether a new wallet may have this password. @rejects WALLET_PASSWORD_LENGTH */
export function checkNewPassword(password: string): Outcome<string> {
  const characters = [...password].length;
  const fits = characters >= PASSWORD_CHARACTERS_MIN && characters <= PASSWORD_CHARACTERS_MAX;
  return fits ? accept(password) : reject("WALLET_PASSWORD_LENGTH", { characters });
}

/**
 * Encrypts a key; answers the keystore's JSON text.
 * @param cost  scrypt's n, a power of two; below the standard in tests only
 */
export async function sealKeystore(
  { secret, address }: AccountKey,
  password: string,
  cost: number = SCRYPT_COST,
): Promise<string> {
  const { encryptKeystoreJson } = await ethersWallet();
  const account = { address: addressToText(address), privateKey: `0x${bytesToHex(secret)}` };
  const sealed = await encryptKeystoreJson(account, password, { scrypt: { N: cost, r: 8, p: 1 } });
  // The published format names the part "crypto"; some programs read no other spelling.
  const { Crypto: crypto, ...head } = JSON.parse(sealed) as Record<string, unknown>;
  return `${JSON.stringify({ ...head, crypto }, null, 2)}\n`;
}

/**
 * Opens a keystore with its password; scrypt and PBKDF2 are read.
 * @rejects WALLET_KEYSTORE_FORM, WALLET_KEYSTORE_COST, WALLET_PASSWORD
 */
export async function openKeystore(text: string, password: string): Promise<Outcome<AccountKey>> {
  const checked = checkKeystore(text);
  if (!checked.ok) return checked;
  const { decryptKeystoreJson } = await ethersWallet();
  let privateKey: string;
  try {
    ({ privateKey } = await decryptKeystoreJson(text, password));
  } catch (error) {
    const { argument } = error as { argument?: string };
    if (argument === "password") return reject("WALLET_PASSWORD");
    return formRefusal(argument === "address" ? "address" : "crypto");
  }
  const secret = hexToBytes(privateKey.slice(2));
  if (!isSecretKey("secp256k1", secret)) return formRefusal("ciphertext");
  return accept({ secret, address: addressOfSecretKey(secret) });
}

/** The address a keystore says it is of; null where it does not say. Not proved until opened. */
export function statedAddress(text: string): Uint8Array | null {
  const { address } = parseObject(text) ?? {};
  if (typeof address !== "string") return null;
  const parsed = parseAddress(`0x${address.replace(/^0x/i, "").toLowerCase()}`);
  return parsed.ok ? parsed.value : null;
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * Checks form and cost of a keystore without its password.
 * @rejects WALLET_KEYSTORE_FORM, WALLET_KEYSTORE_COST
 */
export function checkKeystore(text: string): Outcome<void> {
  const fields = text.length > KEYSTORE_BYTES_MAX ? null : parseObject(text);
  if (fields === null) return formRefusal("json");
  if (fields["version"] !== 3) return formRefusal("version");
  const crypto = objectIn(fields, "crypto") ?? objectIn(fields, "Crypto");
  if (crypto === null) return formRefusal("crypto");
  if (crypto["cipher"] !== "aes-128-ctr") return formRefusal("cipher");
  if (!isHex(objectIn(crypto, "cipherparams")?.["iv"], 16)) return formRefusal("iv");
  if (!isHex(crypto["ciphertext"], 32)) return formRefusal("ciphertext");
  if (!isHex(crypto["mac"], 32)) return formRefusal("mac");
  const params = objectIn(crypto, "kdfparams");
  if (params === null || params["dklen"] !== 32) return formRefusal("kdfparams");
  if (!isHex(params["salt"], null)) return formRefusal("salt");
  if (crypto["kdf"] === "scrypt") return checkScrypt(params);
  return crypto["kdf"] === "pbkdf2" ? checkPbkdf2(params) : formRefusal("kdf");
}

function checkScrypt({ n, r, p }: Fields): Outcome<void> {
  if (!isCount(n) || !isCount(r) || !isCount(p)) return formRefusal("kdfparams");
  const isPower = n > 1 && Number.isInteger(Math.log2(n));
  if (!isPower) return formRefusal("kdfparams");
  const fits = 128 * n * r <= SCRYPT_MEMORY_BYTES_MAX && p <= SCRYPT_PARALLEL_MAX;
  return fits ? accept(undefined) : reject("WALLET_KEYSTORE_COST", { n, r, p });
}

function checkPbkdf2({ c, prf }: Fields): Outcome<void> {
  if (!isCount(c) || prf !== "hmac-sha256") return formRefusal("kdfparams");
  return c <= PBKDF2_ROUNDS_MAX ? accept(undefined) : reject("WALLET_KEYSTORE_COST", { c });
}

function formRefusal(part: string): Outcome<never> {
  return reject("WALLET_KEYSTORE_FORM", { part });
}

function parseObject(text: string): Fields | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Fields) : null;
  } catch {
    return null;
  }
}

function objectIn(fields: Fields, name: string): Fields | null {
  const value = fields[name];
  return typeof value === "object" && value !== null ? (value as Fields) : null;
}

function isHex(value: unknown, bytes: number | null): boolean {
  if (typeof value !== "string" || !/^(?:[0-9a-fA-F]{2})+$/.test(value)) return false;
  return bytes === null || value.length === 2 * bytes;
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value > 0;
}
