/**
 * Decides which keys a machine has while no wallet holds them: one file each in `keys/`, made at
 * the first start. They guard value on the practice network only, which has none; a named network
 * takes its owner key from a wallet.
 */

import { chmodSync, mkdirSync, statSync } from "node:fs";
import { join } from "node:path";

import { Fault, invariant } from "../contract/outcome.ts";
import {
  addressOfSecretKey,
  ed25519PublicKey,
  isSecretKey,
  SECRET_KEY_BYTES,
} from "../crypto/index.ts";
import type { SecretKeyCurve } from "../crypto/index.ts";
import { readGivenKey } from "./given-secret.ts";
import { readKeyFile, syncKeyFolder, writeKeyFile } from "./key-file.ts";

/** An account's key: signs records. */
export interface AccountKey {
  readonly secret: Uint8Array;
  readonly address: Uint8Array;
}

/** An Ed25519 key: signs commits and votes, or proves VRF outputs. */
export interface EdwardsKey {
  readonly secret: Uint8Array;
  readonly publicKey: Uint8Array;
}

/** Every key of a machine, by what it is for. */
export interface DevelopmentKeys {
  /** Holds the balance, submits jobs, is paid. */
  readonly owner: AccountKey;
  /** Signs what the worker claims; controls its bond alone. */
  readonly worker: AccountKey;
  /** Signs verdicts; controls its bond alone. */
  readonly verifier: AccountKey;
  /** Proves which segments the verifier was told to check. */
  readonly verifierVrf: EdwardsKey;
  /** Signs commits and certificates. */
  readonly validator: EdwardsKey;
  /** Proves the beacon. */
  readonly validatorVrf: EdwardsKey;
}

/** What opening the keys did besides reading them. */
export interface OpenedKeys {
  readonly keys: DevelopmentKeys;
  readonly made: readonly string[];
  /** Files that were open to others and have been closed. */
  readonly mended: readonly string[];
}

const CURVES = {
  owner: "secp256k1",
  worker: "secp256k1",
  verifier: "secp256k1",
  "verifier-vrf": "ed25519",
  validator: "ed25519",
  "validator-vrf": "ed25519",
} as const satisfies Record<string, SecretKeyCurve>;

/** Name of a key's file without its ending. */
export type KeyName = keyof typeof CURVES;

/** Draws before giving up: a draw that is no secp256k1 key happens once in 2^128. */
const DRAWS_MAX = 8;

/** What opening keys needs. */
export interface KeyNeeds {
  /** False once a ledger was founded with them: a new key would be a stranger to it. */
  readonly mayCreate: boolean;
  /** Random bytes from the system. */
  readonly random: (bytes: number) => Uint8Array;
  /** File outside the folder that holds the worker's key; none is made or read in the folder. */
  readonly workerKeyFile?: string | null;
}

/**
 * Reads the keys of a folder and makes those that are missing.
 * Throws Fault WALLET_KEY_MISSING, WALLET_KEY_IO and those of `readKeyFile` and `readGivenKey`.
 */
export function openDevelopmentKeys(folder: string, needs: KeyNeeds): OpenedKeys {
  const made: string[] = [];
  const mended: string[] = [];
  makeFolder(folder, mended);
  const secrets = new Map<KeyName, Uint8Array>();
  const missing: KeyName[] = [];
  const given = needs.workerKeyFile ?? null;
  if (given !== null) secrets.set("worker", readGivenKey(given));
  for (const name of Object.keys(CURVES) as KeyName[]) {
    if (secrets.has(name)) continue;
    const read = readKeyFile(keyFile(folder, name), CURVES[name]);
    if (read === null) missing.push(name);
    else secrets.set(name, read.secret);
    if (read?.mended === true) mended.push(keyFile(folder, name));
  }
  for (const name of missing) {
    const file = keyFile(folder, name);
    if (!needs.mayCreate) throw new Fault("WALLET_KEY_MISSING", `${file} is missing`, { file });
    const secret = drawSecret(CURVES[name], needs.random);
    writeKeyFile(file, secret);
    secrets.set(name, secret);
    made.push(file);
  }
  // Also when none was made now: a killed process may have made them and no more.
  if (needs.mayCreate) syncKeyFolder(folder);
  return { keys: keysOf(secrets), made, mended };
}

/**
 * Refuses a key that the network was not founded with: it would sign as a stranger, and its account
 * would hold nothing.
 * @param named          whether the genesis names an address or a public key
 * @param workerKeyFile  where the worker's key came from, if not from the folder
 * Throws Fault WALLET_KEY_FOREIGN.
 */
export function demandFounders(
  folder: string,
  { owner, worker, verifier, verifierVrf, validator, validatorVrf }: DevelopmentKeys,
  named: (publicBytes: Uint8Array) => boolean,
  workerKeyFile: string | null = null,
): void {
  const due: readonly (readonly [KeyName, Uint8Array])[] = [
    ["owner", owner.address],
    ["worker", worker.address],
    ["verifier", verifier.address],
    ["verifier-vrf", verifierVrf.publicKey],
    ["validator", validator.publicKey],
    ["validator-vrf", validatorVrf.publicKey],
  ];
  for (const [name, publicBytes] of due) {
    if (named(publicBytes)) continue;
    const isGiven = name === "worker" && workerKeyFile !== null;
    const file = isGiven ? workerKeyFile : keyFile(folder, name);
    throw new Fault("WALLET_KEY_FOREIGN", `the genesis does not name ${file}`, { file });
  }
}

function keyFile(folder: string, name: KeyName): string {
  return join(folder, `${name}.key`);
}

function makeFolder(folder: string, mended: string[]): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (process.platform === "win32" || (statSync(folder).mode & 0o077) === 0) return;
    chmodSync(folder, 0o700);
    mended.push(folder);
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? "unknown";
    throw new Fault("WALLET_KEY_IO", `${folder}: ${reason}`, { file: folder, reason }, error);
  }
}

/** A key nobody had before. */
export function drawSecret(
  curve: SecretKeyCurve,
  random: (bytes: number) => Uint8Array,
): Uint8Array {
  for (let draw = 0; draw < DRAWS_MAX; draw += 1) {
    const secret = Uint8Array.from(random(SECRET_KEY_BYTES));
    if (isSecretKey(curve, secret)) return secret;
  }
  invariant(false, "the system's random source gives keys");
}

function keysOf(secrets: ReadonlyMap<KeyName, Uint8Array>): DevelopmentKeys {
  const secretOf = (name: KeyName): Uint8Array => {
    const secret = secrets.get(name);
    invariant(secret !== undefined, "every key was read or made");
    return secret;
  };
  const account = (name: KeyName): AccountKey => {
    const secret = secretOf(name);
    return { secret, address: addressOfSecretKey(secret) };
  };
  const edwards = (name: KeyName): EdwardsKey => {
    const secret = secretOf(name);
    return { secret, publicKey: ed25519PublicKey(secret) };
  };
  return {
    owner: account("owner"),
    worker: account("worker"),
    verifier: account("verifier"),
    verifierVrf: edwards("verifier-vrf"),
    validator: edwards("validator"),
    validatorVrf: edwards("validator-vrf"),
  };
}
