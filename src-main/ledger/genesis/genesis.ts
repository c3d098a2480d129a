/**
 * Decides what a network is: the genesis document, whose hash names the network and is signed
 * into every record, statement and receipt (ARCHITECTURE.md section 14).
 */

import {
  constrained,
  decode,
  encode,
  fixedBytes,
  list,
  struct,
  text,
  u128,
  u32,
  u64,
  u8,
} from "../../codec/index.ts";
import type { Codec, ValueOf } from "../../codec/index.ts";
import { compareBytes } from "../../contract/bytes.ts";
import { taggedHash } from "../../crypto/index.ts";
import type { Hasher } from "../../crypto/index.ts";
import {
  BONDED_MAX,
  GENESIS_ACCOUNTS_MAX,
  GENESIS_LISTINGS_MAX,
  NAME_BYTES_MAX,
  VALIDATORS_MAX,
} from "../limits.ts";
import { TAGS } from "../tags.ts";

const address = fixedBytes(20);
const digest = fixedBytes(32);

/** The only rule set this program has; a commit record names the one it was executed by. */
export const RULE_VERSION = 2;

/** Bits of an account's roles. */
export const ROLE_WORKER = 1;
export const ROLE_VERIFIER = 2;

const constantsCodec = struct({
  challengeDelayViews: u64,
  commitIntervalMs: u64,
  epochMs: u64,
  disputeWindowMs: u64,
  assignRetryMs: u64,
  bondUnitPrices: u32,
  feePerRecordBase: u128,
  feePerByteBase: u128,
  /** Rule version 2: ARCHITECTURE.md section 17, "Genesis constants". */
  unbondingMs: u64,
  slashPermille: u32,
  closedWindowMs: u64,
  feePerEmbeddingByteBase: u128,
  feePerStateByteBase: u128,
  depositPerByteBase: u128,
  commitTargetBytes: u64,
  /** Who may change parameters; all zero is nobody. */
  governor: address,
});

const validatorCodec = struct({
  consensusKey: digest,
  vrfKey: digest,
  weight: u64,
  address,
});

const accountCodec = struct({
  address,
  balanceBase: u128,
  bondedBase: u128,
  roles: u8,
  payout: address,
  vrfKey: digest,
  unitsPerHour: u32,
});

const listingCodec = struct({
  name: text(NAME_BYTES_MAX),
  templateHash: digest,
  unitPriceBase: u128,
  mintCapBase: u128,
});

/** Bytes of a validator set, as genesis and state hold it. */
export const validatorSetCodec = list(validatorCodec, VALIDATORS_MAX);

const documentCodec = struct({
  name: text(NAME_BYTES_MAX),
  ruleVersion: u32,
  time: u64,
  constants: constantsCodec,
  validators: validatorSetCodec,
  accounts: list(accountCodec, GENESIS_ACCOUNTS_MAX),
  listings: list(listingCodec, GENESIS_LISTINGS_MAX),
  pool: address,
});

/** Starting values of a network's rules; windows are milliseconds of commit time. */
export type GenesisConstants = ValueOf<typeof constantsCodec>;
/** A validator: Ed25519 and VRF public keys, voting weight and the address of its account. */
export type Validator = ValueOf<typeof validatorCodec>;
/** An account at the start; a bonded one has a role, a payout address and, to verify, a VRF key. */
export type GenesisAccount = ValueOf<typeof accountCodec>;
/** A sponsored job anybody may submit; its pay is minted, up to the cap. */
export type GenesisListing = ValueOf<typeof listingCodec>;
/** The whole document. Listing n of a record is the n-th here, counted from 1. */
export type Genesis = ValueOf<typeof documentCodec>;

/** What a sound genesis obeys beyond its field types. */
const RULES: readonly (readonly [string, (genesis: Genesis) => boolean])[] = [
  ["the name is not empty", (g) => g.name.length > 0],
  ["the rule version is known", (g) => g.ruleVersion === RULE_VERSION],
  ["a slash takes at most all", (g) => g.constants.slashPermille <= 1_000],
  ["a closed job can be looked at", (g) => g.constants.closedWindowMs > 0n],
  ["a commit aims at some bytes", (g) => g.constants.commitTargetBytes > 0n],
  ["an epoch lasts", (g) => g.constants.epochMs > 0n],
  ["a challenge waits at least one view", (g) => g.constants.challengeDelayViews > 0n],
  ["an assignment waits before it is tried again", (g) => g.constants.assignRetryMs > 0n],
  ["there is a validator", (g) => g.validators.length > 0],
  ["every validator has weight", (g) => g.validators.every((v) => v.weight > 0n)],
  ["validator keys ascend", (g) => ascend(g.validators.map((v) => v.consensusKey))],
  ["account addresses ascend", (g) => ascend(g.accounts.map((a) => a.address))],
  ["roles are known", (g) => g.accounts.every((a) => a.roles <= (ROLE_WORKER | ROLE_VERIFIER))],
  ["a bond belongs to a role", (g) => g.accounts.every((a) => a.roles > 0 || a.bondedBase === 0n)],
  ["all VIV there can ever be fits a u128", (g) => mostBase(g) < 1n << 128n],
  ["bonded accounts fit a draw", (g) => bondedCount(g) <= BONDED_MAX],
];

function ascend(keys: readonly Uint8Array[]): boolean {
  return keys.every((key, index) => index === 0 || compareBytes(keys[index - 1], key) < 0);
}

/** Balances, bonds and mint caps together. */
function mostBase(genesis: Genesis): bigint {
  let sum = 0n;
  for (const { balanceBase, bondedBase } of genesis.accounts) sum += balanceBase + bondedBase;
  for (const { mintCapBase } of genesis.listings) sum += mintCapBase;
  return sum;
}

function bondedCount(genesis: Genesis): number {
  return genesis.accounts.filter((account) => account.roles > 0).length;
}

/** The first rule a genesis document breaks, in words; undefined when it is sound. */
export function brokenGenesisRule(genesis: Genesis): string | undefined {
  return RULES.find(([, holds]) => !holds(genesis))?.[0];
}

/** Canonical bytes of a genesis document; reading refuses (CODEC_VALUE) what breaks a rule. */
export const genesisCodec: Codec<Genesis> = constrained(
  documentCodec,
  (genesis) => brokenGenesisRule(genesis) === undefined,
  "a genesis document obeys its rules (ledger/genesis)",
);

/** The first fields of every version of the document. */
const beginningCodec = struct({ name: text(NAME_BYTES_MAX), ruleVersion: u32 });

/**
 * The rule version that a genesis document says it was founded under, whatever follows in it;
 * undefined for bytes that do not even begin like one.
 */
export function statedRuleVersion(bytes: Uint8Array): number | undefined {
  // u32 length of the name, the name, u32 rule version.
  const nameBytes =
    bytes.length < 4 ? 0 : new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const read = decode(beginningCodec, bytes.subarray(0, 8 + nameBytes));
  return read.ok ? read.value.ruleVersion : undefined;
}

/** The network's name in every signature: H(tag ‖ canonical bytes). */
export function genesisHash(hasher: Hasher, genesis: Genesis): Uint8Array {
  return taggedHash(hasher, TAGS.genesis, encode(genesisCodec, genesis));
}
