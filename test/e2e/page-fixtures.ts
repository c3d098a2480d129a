/** Answers of a daemon for the page's tests: real receipts of a small certified ledger. */

import { decode, encode } from "../../src-main/codec/index.ts";
import { bytesToHex } from "../../src-main/contract/bytes.ts";
import type {
  CurvePoint,
  Devices,
  JobDetail,
  LedgerRecord,
  Listing,
  PageTrust,
  Status,
} from "../../src-main/contract/control-api/index.ts";
import { effectText, payloadFields } from "../../src-main/api/handlers/ledger-words.ts";
import { addressToText, leafHash, sha256 } from "../../src-main/crypto/index.ts";
import {
  decodeStored,
  genesisCodec,
  genesisHash,
  receiptCodec,
  recordId,
  recordOutcomeCodec,
} from "../../src-main/ledger/index.ts";
import type { Receipt } from "../../src-main/ledger/index.ts";
import { SAMPLE_RESULT, SAMPLE_STATUS, SAMPLE_UNIT } from "../unit/processes/cli/sample-status.ts";
import { concentrationOf } from "../generators/concentration-answers.ts";
import { receiptFor } from "../worlds/certified-world.ts";
import { LightWorld } from "../worlds/light-world.ts";
import { must, PracticeWorld } from "../worlds/practice-world.ts";
import { UnitLife } from "../worlds/unit-life.ts";
import { energyAnswers, unmeteredAnswers } from "./energy-fixtures.ts";
import { lightAnswers } from "./light-fixtures.ts";
import type { Answers } from "./mocked-daemon.ts";
import { Refused } from "./mocked-daemon.ts";

/** An hour old, so that a light client follows it from its genesis document. */
const genesisTime = BigInt(Date.now() - 3_600_000);
const world = new PracticeWorld({
  keys: "real",
  change: (document) => ({ ...document, time: genesisTime }),
});
const light = new LightWorld(world);
const life = new UnitLife(world);
life.until("verdict");
life.take("verdict");
world.commit();
world.commit();

const stored = world.commits.flatMap((commit) => commit.stored);
const outcomes = world.commits.flatMap((commit) => commit.outcomeBytes);

/** The paid job's id. */
export const PAID_JOB = bytesToHex(life.job);

/** The owner's address: it has a feed. */
export const OWNER_ADDRESS = addressToText(world.address.owner);

/** Its unit's id. */
export const PAID_UNIT = bytesToHex(life.unit);

/** The newest commit, as a session is told it. */
export function openingTrust(): PageTrust {
  const { number, commitDigest, size, vectorRoot } = world.head;
  return {
    genesis,
    commit: Number(number),
    commitDigest: bytesToHex(commitDigest),
    vectorSize: Number(size),
    vectorRoot: bytesToHex(vectorRoot),
  };
}

/** The slot whose outcome pays the unit. */
export const PAID_SLOT = world.commits
  .flatMap((commit) => commit.effects)
  .filter(({ effect }) => effect.kind === "paid")
  .map(({ slot }) => Number(slot))[0];

const genesis = bytesToHex(genesisHash(sha256, world.genesis));

const LISTINGS: Listing[] = [
  {
    name: "digits",
    priceBase: "1200000000000000000",
    steps: 2_812,
    about: "A small convolutional network on 10 000 handwritten digits",
  },
  {
    name: "digits-tiny",
    priceBase: "20000000000000000",
    steps: 120,
    about: "A perceptron on 2 000 handwritten digits; a minute without the native engine",
  },
];

const DEVICES: Devices = {
  machine: {
    system: "Debian GNU/Linux 13, x64",
    cpuName: "AMD Ryzen 7 5800X",
    coresPhysical: 8,
    coresLogical: 16,
    coresAvailable: 16,
    memoryBytes: 34_359_738_368,
    surroundings: [],
  },
  devices: [
    {
      id: "cpu",
      kind: "cpu",
      name: "AMD Ryzen 7 5800X",
      vendor: "AMD",
      memoryBytes: null,
      driver: null,
      pciId: null,
      uuid: null,
      use: "in-use",
      engine: "native-cpu",
      variant: "avx2, 8 threads",
      exact: true,
      cause: null,
      why: "Trains and verifies; every kernel passed its vectors on this machine.",
      next: null,
    },
    {
      id: "gpu-0",
      kind: "gpu",
      name: "NVIDIA GeForce RTX 3060",
      vendor: "NVIDIA",
      memoryBytes: 12_884_901_888,
      driver: "nvidia 580.95.05",
      pciId: "0000:01:00.0",
      uuid: "GPU-5f1c8a3e-0000-4000-8000-000000003060",
      use: "not-usable",
      engine: null,
      variant: null,
      exact: null,
      cause: "no-engine",
      why: "This version has no exact engine for graphics processors yet.",
      next: "Nothing to do now; a later version will use it.",
    },
  ],
};

const DONE: JobDetail = {
  job: bytesToHex(life.job),
  name: "digits",
  state: "done",
  sponsored: true,
  createdSlot: 1,
  priceBase: "12400000000000000000",
  steps: 2_812,
  batchSize: 32,
  segmentLength: 47,
  datasetRoot: "0d".repeat(32),
  programHash: "0e".repeat(32),
  specificationHash: "0f".repeat(32),
  data: null,
  progress: null,
  result: { ...SAMPLE_RESULT, unit: bytesToHex(life.unit), slot: PAID_SLOT },
};

const WORKING: JobDetail = {
  ...DONE,
  job: SAMPLE_UNIT.job,
  name: SAMPLE_UNIT.jobName,
  state: "working",
  progress: SAMPLE_UNIT,
  result: null,
};

const VOIDED: JobDetail = {
  ...DONE,
  job: "cd".repeat(32),
  name: "digits-tiny",
  state: "voided",
  steps: 120,
  result: {
    ...SAMPLE_RESULT,
    unit: "5e".repeat(32),
    outcome: "voided",
    code: "LEARNING_BATCH_MISMATCH",
    payments: [],
    slot: 3,
  },
};

function recordAt(slot: number): LedgerRecord | Refused {
  if (slot >= stored.length) return new Refused("NODE_SLOT");
  const { record } = must(decodeStored(stored[slot]));
  const outcome = must(decode(recordOutcomeCodec, outcomes[slot]));
  const isCommit = record.payload.kind === "commit";
  return {
    slot,
    kind: record.payload.kind,
    id: isCommit ? null : bytesToHex(recordId(record, world.context)),
    account: isCommit ? null : addressToText(record.account),
    nonce: isCommit ? null : String(record.nonce),
    fields: payloadFields(record),
    code: outcome.code,
    feeBase: String(outcome.feeBase),
    effects: outcome.effects.map(effectText),
    bytes: bytesToHex(stored[slot]),
  };
}

function proofAt(slot: number): unknown {
  if (slot >= stored.length) return new Refused("NODE_SLOT");
  const receipt = receiptFor(world, BigInt(slot));
  return {
    slot,
    vectorSize: stored.length,
    vectorRoot: bytesToHex(receipt.certificate.statement.vectorRoot),
    leafHash: bytesToHex(leafHash(sha256, stored[slot])),
    path: receipt.recordProof.map(bytesToHex),
    certifiedCommit: world.commits.length - 1,
    verified: true,
  };
}

/** The receipt of a slot as `wallet.receipt` answers it, after a change to plant a fault. */
export function receiptAt(slot: number, change: (receipt: Receipt) => Receipt): unknown {
  return {
    slot,
    genesis,
    recordId: null,
    code: "",
    effects: [],
    certifiedCommit: world.commits.length - 1,
    bytes: bytesToHex(encode(receiptCodec, change(receiptFor(world, BigInt(slot))))),
    file: `/home/ada/.local/share/vivian/practice/receipts/slot-${slot}.receipt`,
  };
}

/** What the daemon saw of the unit in hand before the page was opened. */
const EARLY_POINTS: CurvePoint[] = [
  { step: 1, loss: 2.303, accuracy: 0.1 },
  { step: 600, loss: 0.5, accuracy: 0.8 },
  { step: 1_290, loss: 0.094, accuracy: 0.977 },
];

/** A daemon at work, with one paid and one voided unit behind it. */
export function workingStatus(): Status {
  const head = { commit: world.commits.length - 1, slots: stored.length, timeMs: Date.now() };
  const mine = { ...SAMPLE_STATUS.mine, unit: SAMPLE_UNIT };
  return { ...SAMPLE_STATUS, genesis, head, mine, paidBase: "431070000000000000000" };
}

/** A fresh daemon: nothing submitted, nothing paid. */
export function emptyStatus(): Status {
  const status = workingStatus();
  const mine = { ...status.mine, state: "idle" as const, unit: null };
  return { ...status, mine, paidBase: "0", jobsOpen: 0, jobsDone: 0 };
}

/** Answers that go with `emptyStatus`. */
export function emptyAnswers(): Answers {
  return {
    ...workingAnswers(),
    ...unmeteredAnswers(),
    "job.list": () => ({ jobs: [] }),
    "ledger.concentration": () => concentrationOf({}),
    "wallet.history": () => ({ entries: [] }),
  };
}

/** What trainings took that were paid: metered, and not. */
const METERED = {
  unit: SAMPLE_RESULT.unit,
  millijoules: 44_640_000,
  tier: "B",
  coverage: 1,
  currency: "EUR",
  costMicros: 3_720,
  profitMicros: 120_000,
  profitAfterEnergyMicros: 116_280,
};
const UNMETERED = {
  ...METERED,
  ...{ millijoules: null, tier: null, coverage: 0 },
  ...{ costMicros: null, profitAfterEnergyMicros: null },
};

/** Answers that go with `workingStatus`. */
export function workingAnswers(): Answers {
  const jobs = [WORKING, DONE, VOIDED];
  const order = (state: string) => () => ({ ...workingStatus().mine, state });
  const hour = 3_600_000;
  const payments = [0.02, 1.5, 2.4, 5.2, 9.1].flatMap((hours, index) =>
    SAMPLE_RESULT.payments.slice(0, 2).map((part) => ({
      slot: index === 0 ? PAID_SLOT : 100 - index,
      timeMs: Date.now() - hours * hour,
      account: part.to,
      role: part.share === "worker" ? "worker" : "verifier",
      what: `paid ${part.share}`,
      changeBase: part.amountBase,
      feeBase: "0",
      code: "",
      ...(part.share === "worker" ? { energy: index === 1 ? UNMETERED : METERED } : {}),
    })),
  );
  return {
    ...energyAnswers(),
    devices: () => DEVICES,
    "job.listings": () => ({ listings: LISTINGS }),
    "job.list": () => ({ jobs: jobs.map(summaryOf) }),
    "job.show": ({ job }) => jobs.find((one) => one.job === job) ?? new Refused("PROCESSES_JOB"),
    "job.submit": () => ({ job: "ee".repeat(32), slot: 12 }),
    "wallet.history": () => ({ entries: payments }),
    "wallet.receipt": ({ slot }) => receiptAt(Number(slot), (receipt) => receipt),
    "ledger.genesis": () => ({ genesis, bytes: bytesToHex(encode(genesisCodec, world.genesis)) }),
    "ledger.get": ({ slot }) => recordAt(Number(slot)),
    "ledger.prove": ({ slot }) => proofAt(Number(slot)),
    ...lightAnswers(light, { job: life.job, unit: life.unit }),
    "ledger.concentration": () => concentrationOf(),
    "unit.curve": () => ({ points: EARLY_POINTS }),
    "mine.start": order("working"),
    "mine.pause": order("paused"),
    "mine.finish": order("finishing"),
  };
}

function summaryOf(detail: JobDetail): object {
  const { job, name, state, sponsored, createdSlot, priceBase, steps } = detail;
  return { job, name, state, sponsored, createdSlot, priceBase, steps };
}
