/** Decides the domains this room hashes in. A tag is permanent: another meaning, another tag. */

/** Prefixes of tagged hashes and of the messages that Ed25519 keys sign. */
export const TAGS = {
  genesis: "vivian/ledger/genesis/1",
  commit: "vivian/ledger/commit/1",
  statement: "vivian/ledger/statement/1",
  beaconAlpha: "vivian/ledger/beacon-alpha/1",
  beacon: "vivian/ledger/beacon/1",
  genesisBeacon: "vivian/ledger/genesis-beacon/1",
  assignWorker: "vivian/ledger/assign-worker/1",
  assignVerifier: "vivian/ledger/assign-verifier/1",
  openedInners: "vivian/ledger/opened-inners/1",
  stateKey: "vivian/ledger/state-key/1",
  collection: "vivian/ledger/collection/1",
  certificate: "vivian/ledger/certificate/1",
} as const;
