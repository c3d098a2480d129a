/**
 * Decides how a recovery phrase becomes a key: BIP-39 words of the English list, and the first
 * account of Ethereum's path, so that the same phrase opens the same account in other wallets.
 */

import { HDKey } from "@scure/bip32";
import { entropyToMnemonic, mnemonicToSeedSync, validateMnemonic } from "@scure/bip39";
import { wordlist } from "@scure/bip39/wordlists/english.js";

import { accept, invariant, reject } from "../contract/outcome.ts";
import type { Outcome } from "../contract/outcome.ts";
import { addressOfSecretKey } from "../crypto/index.ts";
import type { AccountKey } from "./development-keys.ts";

/** First account of Ethereum's path (BIP-44, coin 60). */
export const DERIVATION_PATH = "m/44'/60'/0'/0/0";

/** How many words a new phrase has. */
export type PhraseLength = 12 | 24;

/** Lengths that BIP-39 knows. */
const LENGTHS: readonly number[] = [12, 15, 18, 21, 24];

const KNOWN_WORDS: ReadonlySet<string> = new Set(wordlist);

/** A new phrase: 128 bits of chance for 12 words, 256 for 24. */
export function makePhrase(words: PhraseLength, random: (bytes: number) => Uint8Array): string {
  return phraseOfEntropy(random(words === 12 ? 16 : 32));
}

/** The words that stand for these bytes, checksum included. */
export function phraseOfEntropy(entropy: Uint8Array): string {
  return entropyToMnemonic(entropy, wordlist);
}

/**
 * Reads a phrase as people type it: capitals and spaces do not matter. The facts name a place and
 * never a word.
 * @rejects WALLET_PHRASE_LENGTH, WALLET_PHRASE_WORD, WALLET_PHRASE_CHECKSUM
 */
export function parsePhrase(text: string): Outcome<string> {
  const words = text.normalize("NFKD").toLowerCase().trim().split(/\s+/);
  if (!LENGTHS.includes(words.length)) {
    return reject("WALLET_PHRASE_LENGTH", { words: text.trim() === "" ? 0 : words.length });
  }
  const unknown = words.findIndex((word) => !KNOWN_WORDS.has(word));
  if (unknown >= 0) return reject("WALLET_PHRASE_WORD", { place: unknown + 1 });
  const phrase = words.join(" ");
  return validateMnemonic(phrase, wordlist) ? accept(phrase) : reject("WALLET_PHRASE_CHECKSUM");
}

/** The 64-byte seed of a checked phrase (PBKDF2, BIP-39). */
export function seedOfPhrase(phrase: string, passphrase = ""): Uint8Array {
  return mnemonicToSeedSync(phrase, passphrase);
}

/** The account of a seed at a path of BIP-32. */
export function keyOfSeed(seed: Uint8Array, path: string = DERIVATION_PATH): AccountKey {
  const { privateKey } = HDKey.fromMasterSeed(seed).derive(path);
  invariant(privateKey !== null, "a seed derives a secret key");
  return { secret: privateKey, address: addressOfSecretKey(privateKey) };
}

/** The account of a checked phrase. */
export function keyOfPhrase(phrase: string): AccountKey {
  return keyOfSeed(seedOfPhrase(phrase));
}
