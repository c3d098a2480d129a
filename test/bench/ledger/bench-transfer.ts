/**
 * Measures transfers through a node: submitted as signed bytes, signers recovered, admitted,
 * executed, certified and durable before each is answered. Beside it lmdb alone is given the same
 * bytes in as many durable transactions, and checks nothing.
 */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { open } from "lmdb";
import { openDiskLedger, openVoteLog } from "../../../src-main/adapters/disk/index.ts";
import { systemClock } from "../../../src-main/adapters/host/index.ts";
import {
  nativeSha256,
  nativeSignatures,
  openSignerRecovery,
} from "../../../src-main/adapters/native-crypto/index.ts";
import { compareBytes } from "../../../src-main/contract/bytes.ts";
import { addressOfSecretKey } from "../../../src-main/crypto/index.ts";
import { genesisHash, recordContext, signRecord, VIV } from "../../../src-main/ledger/index.ts";
import type { Genesis, LedgerRecord } from "../../../src-main/ledger/index.ts";
import { createNode } from "../../../src-main/node/index.ts";
import type { Node, NodeNeeds } from "../../../src-main/node/index.ts";
import { CRYPTO, GENESIS, KEYS, memoryLog } from "../../integration/node/practice-node.ts";
import { benchLine } from "../bench-line.ts";
import { bySize, mustHold } from "../bench-kit.ts";
import type { BenchKit } from "../bench-kit.ts";
import { median } from "../timing.ts";

/** What the transfers of a run are made from. */
interface Accounts {
  readonly genesis: Genesis;
  readonly secrets: readonly Uint8Array[];
  readonly addresses: readonly Uint8Array[];
}

const START_BASE = 1_000n * VIV;

/** Submissions that wait at once: two full commits, as much as a mempool holds. */
const IN_FLIGHT = 6_000;

function accountsOf(count: number): Accounts {
  const secrets = Array.from({ length: count }, (_, at) => {
    const secret = new Uint8Array(32).fill(7);
    new DataView(secret.buffer).setUint32(0, at + 1);
    return secret;
  });
  const addresses = secrets.map((secret) => addressOfSecretKey(secret));
  const rest = { balanceBase: START_BASE, bondedBase: 0n, roles: 0 };
  const accounts = [
    ...GENESIS.accounts,
    ...addresses.map((address) => ({ ...GENESIS.accounts[0], ...rest, address })),
  ].sort((left, right) => compareBytes(left.address, right.address));
  return { genesis: { ...GENESIS, accounts }, secrets, addresses };
}

/** Transfers from everybody in turn to others, signed. */
async function signedTransfers(
  { genesis, secrets, addresses }: Accounts,
  count: number,
): Promise<Uint8Array[]> {
  const { backend } = await nativeSignatures();
  const context = recordContext(nativeSha256, genesisHash(nativeSha256, genesis));
  return Array.from({ length: count }, (_, at) => {
    const from = at % addresses.length;
    const round = Math.floor(at / addresses.length);
    const to = addresses[(from * 31 + round * 17 + 1) % addresses.length];
    const record: LedgerRecord = {
      account: addresses[from],
      lane: 0,
      nonce: BigInt(round),
      validUntil: 0n,
      maxFee: VIV / 10n,
      payload: { kind: "transfer", to, amountBase: 1n },
    };
    return signRecord(record, context, (digest) => backend.sign(digest, secrets[from]));
  });
}

/** Seconds until every record is final and durable; processor time of all threads and of this. */
async function timed(node: Node, records: readonly Uint8Array[]): Promise<Omit<Run, "commits">> {
  let next = 0;
  let refused = 0;
  const lane = async (): Promise<void> => {
    while (next < records.length) {
      const outcome = await node.submit(records[next++]);
      if (!outcome.ok || outcome.value.outcome.code !== "") refused += 1;
    }
  };
  const cpu = process.cpuUsage();
  const own = process.threadCpuUsage();
  const began = performance.now();
  await Promise.all(Array.from({ length: IN_FLIGHT }, lane));
  const seconds = (performance.now() - began) / 1_000;
  const all = process.cpuUsage(cpu);
  const ours = process.threadCpuUsage(own);
  mustHold(refused === 0, "every transfer was applied");
  const cpuSeconds = (all.user + all.system) / 1_000_000;
  return { seconds, cpuSeconds, ownSeconds: (ours.user + ours.system) / 1_000_000 };
}

interface Run {
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** Of the thread that decides, alone. */
  readonly ownSeconds: number;
  readonly commits: number;
}

async function runNode(accounts: Accounts, rounds: readonly Uint8Array[][]): Promise<Run[]> {
  const folder = mkdtempSync(join(tmpdir(), "vivian-bench-"));
  const store = await openDiskLedger({ folder });
  const voteLog = openVoteLog(join(folder, "votes"));
  const recovery = openSignerRecovery({ backend: CRYPTO.signatures });
  const crypto = { ...CRYPTO, recovery };
  const shared = { store, voteLog, clock: systemClock, log: memoryLog(), keys: KEYS };
  const needs: NodeNeeds = { ...shared, crypto };
  const node = createNode({ genesis: accounts.genesis }, needs);
  try {
    await node.start();
    const runs: Run[] = [];
    for (const records of rounds) {
      const before = store.commits();
      const times = await timed(node, records);
      runs.push({ ...times, commits: store.commits() - before });
    }
    const sent = rounds.flat().length;
    const everybody = accounts.addresses.map((address) => node.account(address).balanceBase);
    const left = everybody.reduce((sum, balanceBase) => sum + balanceBase, 0n);
    const spent = BigInt(everybody.length) * START_BASE - left;
    mustHold(spent > 0n && spent < BigInt(sent) * (VIV / 100n), "only fees and deposits are gone");
    mustHold(store.size() === sent + store.commits(), "every transfer has its slot");
    return runs;
  } finally {
    await node.stop();
    await recovery.close();
    await voteLog.close();
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Seconds that lmdb alone takes for the same bytes in as many durable transactions. */
async function runPlain(records: readonly Uint8Array[], commits: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "vivian-bench-"));
  const plain = open<Uint8Array, number>({
    path: folder,
    overlappingSync: false,
    encoding: "binary",
  });
  try {
    const began = performance.now();
    const each = Math.ceil(records.length / commits);
    for (let first = 0; first < records.length; first += each) {
      const some = records.slice(first, first + each);
      plain.transactionSync(() => some.forEach((bytes, at) => plain.putSync(first + at, bytes)));
    }
    return (performance.now() - began) / 1_000;
  } finally {
    await plain.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs the benchmark of transfers. */
export async function benchTransfer(kit: BenchKit): Promise<void> {
  const accounts = accountsOf(bySize(kit, 256, 256, 4));
  const count = bySize(kit, 20_000, 6_000, 20);
  const rounds = bySize(kit, 3, 3, 1);
  // The first round begins the thread and is not counted.
  const all = await signedTransfers(accounts, count * (rounds + 1));
  const cut = Array.from({ length: rounds + 1 }, (_, at) =>
    all.slice(at * count, (at + 1) * count),
  );
  const [, ...runs] = await runNode(accounts, cut);
  const plain: number[] = [];
  for (const [at, { commits }] of runs.entries()) {
    plain.push(await runPlain(cut[at + 1], Math.max(commits, 1)));
  }
  const peerValue = count / median(plain);
  const against = { peer: "lmdb-put", peerValue };
  const name = `ledger.transfer/accounts=${accounts.addresses.length} sync=yes`;
  const seconds = median(runs.map((run) => run.seconds));
  kit.print(benchLine(name, count / seconds, "records/s", against));
  const best = Math.min(...runs.map((run) => run.seconds));
  kit.print(benchLine(`${name} of=best`, count / best, "records/s", against));
  const cpu = median(runs.map((run) => run.cpuSeconds));
  kit.print(benchLine(`${name} cpu=all`, (cpu / count) * 1_000_000, "us"));
  const own = median(runs.map((run) => run.ownSeconds));
  kit.print(benchLine(`${name} cpu=own`, (own / count) * 1_000_000, "us"));
}
