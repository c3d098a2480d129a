/**
 * Decides how a data folder becomes a practice network: at the first start keys are made and a
 * genesis document is written that names them; from then on both are only read. The document's
 * hash is the network's name, so it is never written twice.
 */

import { closeSync, fsyncSync, openSync, renameSync, writeSync } from "node:fs";
import { dirname } from "node:path";

import { machineFiles } from "../../adapters/disk/index.ts";
import { encode } from "../../codec/index.ts";
import { bytesToHex } from "../../contract/bytes.ts";
import { ADDRESS_BYTES, taggedHash } from "../../crypto/index.ts";
import type { Hasher } from "../../crypto/index.ts";
import { genesisCodec, genesisHash, practiceGenesis } from "../../ledger/index.ts";
import type { Genesis, GenesisAccount } from "../../ledger/index.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Entropy } from "../../ports/entropy.ts";
import { demandFounders, openDevelopmentKeys } from "../../wallet/index.ts";
import type { DevelopmentKeys, OpenedKeys } from "../../wallet/index.ts";
import type { DataFolder } from "../config/data-folder.ts";
import { folderFault } from "../config/data-folder.ts";
import { readGenesis } from "../read-genesis.ts";
import { practiceListings } from "./sponsored-jobs.ts";

/** A network and this machine's keys in it. */
export interface Founding {
  readonly genesis: Genesis;
  readonly genesisHash: Uint8Array;
  readonly keys: DevelopmentKeys;
  readonly opened: OpenedKeys;
  /** True when the network was founded just now. */
  readonly isNew: boolean;
}

/** What founding needs. */
export interface FoundingNeeds {
  readonly hasher: Hasher;
  readonly clock: Clock;
  readonly entropy: Entropy;
  /** Where a network founded now pays for work; otherwise to the owner's account. */
  readonly payout?: Uint8Array | null;
  /** Where the worker's key lies, if it is given from outside the folder. */
  readonly workerKeyFile?: string | null;
}

/**
 * Reads the folder's network, founding it when there is none.
 * Throws Fault LEDGER_GENESIS_RULES for a network that rules of an earlier version founded, whose
 * folder stays as it is, NODE_GENESIS_RULE for a damaged document, PROCESSES_HOME,
 * PROCESSES_DISK_FULL, and those of the keys.
 */
export function openNetwork(folder: DataFolder, needs: FoundingNeeds): Founding {
  const stored = readGenesis(folder.genesis);
  const opened = openDevelopmentKeys(folder.keys, {
    mayCreate: stored === null,
    random: (bytes) => needs.entropy.bytes(bytes),
    workerKeyFile: needs.workerKeyFile ?? null,
  });
  const { keys } = opened;
  const genesis = stored ?? foundPractice(keys, needs);
  if (stored === null) writeGenesis(folder.genesis, genesis);
  else demandFounders(folder.keys, keys, namedBy(genesis), needs.workerKeyFile);
  // The ledger begins on this document: without it its folder would found another network.
  syncFolders(folder.network, folder.home, dirname(folder.home));
  const hash = genesisHash(needs.hasher, genesis);
  return { genesis, genesisHash: hash, keys, opened, isNew: stored === null };
}

/** Whole or not at all: half a genesis would lock its keys out of a network nobody can name. */
function writeGenesis(file: string, genesis: Genesis): void {
  const temporary = `${file}.new`;
  try {
    const handle = openSync(temporary, "w", 0o600);
    try {
      const bytes = encode(genesisCodec, genesis);
      // A short write is legal, so writing goes on until nothing is left.
      for (let done = 0; done < bytes.length;) done += writeSync(handle, bytes, done);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(temporary, file);
  } catch (error) {
    throw folderFault(file, error);
  }
}

/** Whether a genesis names an address or a public key. */
function namedBy({ accounts, validators }: Genesis): (publicBytes: Uint8Array) => boolean {
  const named = [
    ...accounts.flatMap(({ address, vrfKey }) => [address, vrfKey]),
    ...validators.flatMap(({ consensusKey, vrfKey }) => [consensusKey, vrfKey]),
  ];
  const names = new Set(named.map(bytesToHex));
  return (publicBytes) => names.has(bytesToHex(publicBytes));
}

function syncFolders(...folders: readonly string[]): void {
  for (const folder of folders) {
    try {
      machineFiles.syncFolder(folder);
    } catch (error) {
      throw folderFault(folder, error);
    }
  }
}

function foundPractice(
  keys: DevelopmentKeys,
  { hasher, clock, payout = null }: FoundingNeeds,
): Genesis {
  const { owner, worker, verifier, verifierVrf, validator, validatorVrf } = keys;
  const genesis = practiceGenesis({
    time: BigInt(clock.nowMs()),
    validator: {
      consensusKey: validator.publicKey,
      vrfKey: validatorVrf.publicKey,
      address: keylessAddress(hasher, "validator", validator.publicKey),
    },
    owner: owner.address,
    worker: { address: worker.address },
    verifier: { address: verifier.address, vrfKey: verifierVrf.publicKey },
    pool: keylessAddress(hasher, "pool", validator.publicKey),
    listings: practiceListings(hasher),
  });
  return payout === null ? genesis : paidTo(genesis, payout);
}

/** The same network, with the pay of those who work going elsewhere. */
function paidTo(genesis: Genesis, payout: Uint8Array): Genesis {
  const redirected = ({ roles, ...account }: GenesisAccount) =>
    roles === 0 ? { ...account, roles } : { ...account, roles, payout };
  return { ...genesis, accounts: genesis.accounts.map(redirected) };
}

/** An address nobody has a key to: what is paid there stays there until a rule moves it. */
function keylessAddress(hasher: Hasher, purpose: string, key: Uint8Array): Uint8Array {
  return taggedHash(hasher, `vivian/practice/${purpose}`, key).slice(-ADDRESS_BYTES);
}
