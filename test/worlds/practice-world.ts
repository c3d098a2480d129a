/**
 * A practice network in memory for tests: real genesis, rules and hashes. With `keys: "real"` every
 * signature and VRF proof is real; with `keys: "quick"` stand-ins bind the same bytes by SHA-256,
 * so that thousands of records run in a second.
 */

import { encode } from "../../src-main/codec/index.ts";
import { bytesEqual, bytesToHex, concatBytes } from "../../src-main/contract/bytes.ts";

import type { Outcome } from "../../src-main/contract/outcome.ts";
import {
  addressOfSecretKey,
  ed25519PublicKey,
  ed25519Sign,
  ed25519Verify,
  nobleSignatures,
  sha256,
  vrfProve,
  vrfVerify,
} from "../../src-main/crypto/index.ts";
import {
  beaconAlpha,
  commitDigest,
  commitRecordAfter,
  epochAfter,
  executeCommit,
  genesisHash,
  genesisState,
  leastCommitTime,
  practiceGenesis,
  readRow,
  recordContext,
  recoverRecord,
  signRecord,
  stateViewOver,
  storedCommit,
} from "../../src-main/ledger/index.ts";
import type {
  CommitRecord,
  ExecutedCommit,
  ExecuteNeeds,
  Genesis,
  GenesisListing,
  Head,
  LedgerRecord,
  Payload,
  PayloadOf,
  RecordContext,
  Table,
} from "../../src-main/ledger/index.ts";
import { nextNonce, StateOverlay } from "../../src-main/ledger/index.ts";
import { jobSpecificationCodec } from "../../src-main/learning/index.ts";
import type { JobSpecification } from "../../src-main/learning/index.ts";

export type Who = "owner" | "worker" | "verifier" | "validator" | "stranger";

export const WHO: readonly Who[] = ["owner", "worker", "verifier", "validator", "stranger"];

/** The secret key of somebody, the same in every world. */
export function secretOf(who: Who): Uint8Array {
  return sha256(new TextEncoder().encode(`practice world ${who}`));
}

/** What a test may say about a commit instead of what is right. */
export interface CommitTouch {
  readonly time?: bigint;
  readonly view?: bigint;
  readonly payload?: Partial<PayloadOf<"commit">>;
  readonly account?: Uint8Array;
  readonly signer?: Uint8Array;
  readonly vrfSecret?: Uint8Array;
}

/** What a test may say about a record instead of what is right. */
export type RecordTouch = Partial<Omit<LedgerRecord, "payload">> & { readonly signer?: Who };

export class PracticeWorld {
  readonly genesis: Genesis;
  readonly context: RecordContext;
  readonly address: Readonly<Record<Who, Uint8Array>>;
  readonly needs: ExecuteNeeds;
  readonly pages = new Map<string, Uint8Array>();
  readonly commits: ExecutedCommit[] = [];
  readonly real: boolean;
  head: Head;

  constructor(
    options: {
      readonly keys?: "real" | "quick";
      readonly listings?: readonly GenesisListing[];
      readonly change?: (genesis: Genesis) => Genesis;
    } = {},
  ) {
    this.real = options.keys === "real";
    const entries = WHO.map((who) => [who, addressOfSecretKey(secretOf(who))] as const);
    this.address = Object.fromEntries(entries) as Record<Who, Uint8Array>;
    const genesis = practiceGenesis({
      time: 1_000_000n,
      validator: {
        consensusKey: ed25519PublicKey(secretOf("validator")),
        vrfKey: ed25519PublicKey(secretOf("validator")),
        address: this.address.validator,
      },
      owner: this.address.owner,
      worker: { address: this.address.worker },
      verifier: {
        address: this.address.verifier,
        vrfKey: ed25519PublicKey(secretOf("verifier")),
      },
      pool: sha256(Uint8Array.of(7)).slice(0, 20),
      listings: options.listings ?? [],
    });
    this.genesis = options.change?.(genesis) ?? genesis;
    this.context = recordContext(sha256, genesisHash(sha256, this.genesis));
    this.needs = this.real ? this.realNeeds() : this.quickNeeds();
    const start = genesisState(this.genesis, { hasher: sha256 });
    this.head = start.head;
    this.write(start.pages);
  }

  readonly readPage = (key: Uint8Array): Uint8Array | undefined => this.pages.get(bytesToHex(key));

  row<R>(table: Table<R>, id: Uint8Array): R | undefined {
    return readRow(stateViewOver(this.readPage), sha256, table, id);
  }

  nextNonce(account: Uint8Array, lane = 0): bigint {
    return nextNonce(new StateOverlay(stateViewOver(this.readPage), sha256), account, lane);
  }

  /** The stored bytes of a record, signed by whom it names. */
  record(who: Who, payload: Payload, touch: RecordTouch = {}): Uint8Array {
    const { signer, ...head } = touch;
    const account = this.address[who];
    const record: LedgerRecord = {
      account,
      lane: 0,
      nonce: this.nextNonce(account, touch.lane ?? 0),
      validUntil: 0n,
      maxFee: 10n ** 17n,
      ...head,
      payload,
    };
    const secret = secretOf(signer ?? who);
    return signRecord(record, this.context, (digest) =>
      this.real
        ? nobleSignatures.sign(digest, secret)
        : quickSignature(digest, this.address[signer ?? who]),
    );
  }

  /** The stored bytes of the next commit record. */
  commitStored(recordCount: number, touch: CommitTouch = {}): Uint8Array {
    const view = touch.view ?? this.head.view + 1n;
    const time = touch.time ?? leastCommitTime(this.genesis, this.head);
    const epoch = epochAfter(this.genesis, this.head);
    const alpha = beaconAlpha(this.head.genesisHash, epoch, view);
    const vrfProof = this.vrf(touch.vrfSecret ?? secretOf("validator"), alpha).proof;
    const proposal = { view, time, proposer: 0, vrfProof, recordCount };
    const right = commitRecordAfter(this.genesis, this.head, proposal);
    const payload = { ...right.payload, ...touch.payload };
    const record: CommitRecord = {
      ...right,
      account: touch.account ?? right.account,
      nonce: payload.number,
      payload,
    };
    const secret = touch.signer ?? secretOf("validator");
    const digest = commitDigest(record, sha256);
    return storedCommit(record, this.ed25519(secret, digest));
  }

  /** Executes the next commit without keeping it. */
  execute(records: readonly Uint8Array[] = [], touch: CommitTouch = {}): Outcome<ExecutedCommit> {
    const { genesis, head, readPage } = this;
    const stored = this.commitStored(records.length, touch);
    return executeCommit({ genesis, head, readPage }, stored, records, this.needs);
  }

  /** Executes the next commit and keeps it; throws when it is refused. */
  commit(records: readonly Uint8Array[] = [], touch: CommitTouch = {}): ExecutedCommit {
    return this.keep(must(this.execute(records, touch)));
  }

  /** Keeps an executed commit. */
  keep(executed: ExecutedCommit): ExecutedCommit {
    this.write(executed.pages);
    this.head = executed.head;
    this.commits.push(executed);
    return executed;
  }

  /** Seals one record alone; answers its outcome code. */
  codeOf(stored: Uint8Array, touch: CommitTouch = {}): string {
    return this.commit([stored], touch).outcomes[1].code;
  }

  vrf(secret: Uint8Array, alpha: Uint8Array): { proof: Uint8Array; output: Uint8Array } {
    return this.real ? vrfProve(secret, alpha) : quickVrf(ed25519PublicKey(secret), alpha);
  }

  ed25519(secret: Uint8Array, message: Uint8Array): Uint8Array {
    if (this.real) return ed25519Sign(secret, message);
    return quickEd25519(ed25519PublicKey(secret), message);
  }

  private write(pages: ExecutedCommit["pages"]): void {
    for (const { key, bytes } of pages) {
      if (bytes === undefined) this.pages.delete(bytesToHex(key));
      else this.pages.set(bytesToHex(key), bytes);
    }
  }

  private realNeeds(): ExecuteNeeds {
    return {
      hasher: sha256,
      recoverRecord: (stored) => recoverRecord(stored, this.context, nobleSignatures),
      verifyVrf: vrfVerify,
      verifyEd25519: ed25519Verify,
    };
  }

  private quickNeeds(): ExecuteNeeds {
    return {
      hasher: sha256,
      recoverRecord: (stored) => recoverRecord(stored, this.context, { recover: quickRecover }),
      verifyVrf: (publicKey, alpha, proof) => {
        const right = quickVrf(publicKey, alpha);
        return bytesEqual(right.proof, proof) ? right.output : undefined;
      },
      verifyEd25519: (publicKey, message, signature) =>
        bytesEqual(quickEd25519(publicKey, message), signature),
    };
  }
}

function quickSignature(digest: Uint8Array, address: Uint8Array): Uint8Array {
  return concatBytes(sha256(concatBytes(digest, address)), address, new Uint8Array(13));
}

function quickRecover(digest: Uint8Array, signature: Uint8Array): Uint8Array | undefined {
  const address = signature.slice(32, 52);
  return bytesEqual(quickSignature(digest, address), signature) ? address : undefined;
}

function quickVrf(
  publicKey: Uint8Array,
  alpha: Uint8Array,
): { proof: Uint8Array; output: Uint8Array } {
  const seed = sha256(concatBytes(publicKey, alpha));
  const output = concatBytes(seed, sha256(seed));
  return { proof: concatBytes(output, new Uint8Array(16)), output };
}

function quickEd25519(publicKey: Uint8Array, message: Uint8Array): Uint8Array {
  const half = sha256(concatBytes(publicKey, message));
  return concatBytes(half, half);
}

/** The payload of a value out of an outcome; throws on a rejection. */
export function must<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.rejection));
  return outcome.value;
}

/** The code of a rejection; "" when there is none. */
export function codeOf(outcome: Outcome<unknown>): string {
  return outcome.ok ? "" : outcome.rejection.code;
}

/** A job-create payload for a specification. */
export function jobCreate(
  specification: JobSpecification,
  listing = 0,
  escrowBase = 0n,
): PayloadOf<"job-create"> {
  return {
    kind: "job-create",
    specification: encode(jobSpecificationCodec, specification),
    listing,
    escrowBase,
  };
}

/** A transfer payload. */
export function transfer(to: Uint8Array, amountBase: bigint): PayloadOf<"transfer"> {
  return { kind: "transfer", to, amountBase };
}

/** A publish payload; a name and nothing else unless said. */
export function publish(change: Partial<PayloadOf<"publish">> = {}): PayloadOf<"publish"> {
  return {
    kind: "publish",
    what: "model",
    name: "a model",
    content: new Uint8Array(32).fill(1),
    about: "",
    tags: [],
    collection: "",
    embedding: new Uint8Array(),
    ...change,
  };
}

/** Content nobody can read, under a subject's key epoch. */
export function sealed(subject: Uint8Array, keyEpoch: number): PayloadOf<"sealed"> {
  const contentNonce = new Uint8Array(24);
  return {
    kind: "sealed",
    subject,
    keyEpoch,
    contentNonce,
    ciphertext: new Uint8Array(40).fill(5),
  };
}

/** An encryption key that differs by number. */
export function encryptionKey(number = 1): PayloadOf<"encryption-key"> {
  return { kind: "encryption-key", key: new Uint8Array(32).fill(number) };
}

/** A grant to read a subject. */
export function grant(subject: Uint8Array, keyEpoch: number, to: Uint8Array): PayloadOf<"grant"> {
  return { kind: "grant", subject, keyEpoch, to, wrapped: new Uint8Array(80).fill(6) };
}
