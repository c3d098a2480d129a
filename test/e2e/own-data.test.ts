import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { DIGITS_BLOB_SHA256 } from "../../src-main/adapters/datasets/index.ts";
import { nativeSha256 } from "../../src-main/adapters/native-crypto/index.ts";
import { bytesToHex } from "../../src-main/contract/bytes.ts";
import type {
  JobDetail,
  JobSummary,
  LedgerRecord,
  LedgerReport,
  UnitResult,
} from "../../src-main/contract/control-api/index.ts";
import {
  compileTraining,
  decodeState,
  parseModel,
  stateRoot,
} from "../../src-main/engine/index.ts";
import type { Manifest } from "../../src-main/processes/cli/weights-manifest.ts";
import { TestHome } from "../integration/processes/run-vivian.ts";
import { digits, irisCsv, writeIdx, writePngFolders } from "../worlds/own-data-files.ts";
import { WRONG_INPUTS } from "./wrong-inputs.ts";

const home = new TestHome();
const data = join(home.root, "own");

/** What `job submit --data --watch --json` answers. */
interface Answer {
  readonly job: string;
  readonly slot: number;
  readonly result: UnitResult;
}

/** A new network whose owner has submitted nothing. */
const NOTHING_WRITTEN = { slots: 0, jobsOpen: 0, state: "idle" };

beforeAll(() => mkdirSync(data, { recursive: true }));
afterAll(() => home.remove());

describe("job submit --data --watch", () => {
  it("trains on IDX files, shows the price first, is paid, ends its daemon", async () => {
    writeIdx(join(data, "mnist"), "train", digits(200));
    const ran = await home.run(["job", "submit", "--data", join(data, "mnist"), "--watch"]);
    expect(ran).toMatchObject({ code: 0, stderr: "" });
    expect(ran.stdout).toMatch(/^Data mnist: 2 000 images 28×28 grey, 10 classes; every tenth /);
    expect(ran.stdout).toMatch(/^Model: .*convolutional network, chosen because/m);
    expect(ran.stdout.match(/hold-out accuracy \d+\.\d %/g)).toHaveLength(1);
    expect(accuracyIn(ran.stdout)).toBeGreaterThan(85);
    const [price, submitted, paid] = [
      "\nPrice: ",
      "\nJob mnist submitted",
      "\nPrice paid from your",
    ];
    expect(ran.stdout.indexOf(price)).toBeGreaterThan(0);
    expect(ran.stdout.indexOf(submitted)).toBeGreaterThan(ran.stdout.indexOf(price));
    expect(ran.stdout.indexOf(paid)).toBeGreaterThan(ran.stdout.indexOf(submitted));
    expect(await home.run(["job", "list"])).toMatchObject({ code: 3 });
    expect((await home.run(["ledger", "verify"])).code).toBe(0);
  });
});

describe("jobs on own data with a running daemon", () => {
  beforeAll(async () => {
    expect(await home.run(["up", "--detach"])).toMatchObject({ code: 0 });
  });

  it("trains a perceptron on a CSV file; its weights have the ledger's root", async () => {
    const file = join(data, "iris.csv");
    writeFileSync(file, irisCsv());
    const preview = await home.run(["job", "submit", "--data", file, "--preview"]);
    expect(preview).toMatchObject({ code: 0, stderr: "" });
    expect(preview.stdout).toMatch(/^Classes: setosa, versicolor, virginica$/m);
    expect(preview.stdout).toMatch(/^Model: .*perceptron, chosen because/m);
    const answer = await submitted(["--data", file]);
    const { holdout } = answer.result;
    expect((holdout?.correct ?? 0) / (holdout?.total ?? 1)).toBeGreaterThan(0.8);
    const manifest = await checkFetched(answer, ["setosa", "versicolor", "virginica"]);
    await checkReceipts(manifest);
    await checkDamaged(answer.job, manifest);
    const sampled = await home.run(["job", "sample", answer.job]);
    expect(sampled).toMatchObject({ code: 1, stdout: "" });
    expect(sampled.stderr).toMatch(/^PROCESSES_NO_WRITER: /);
  });

  it("trains on a folder of PNG images, and list, show and watch know the job", async () => {
    writePngFolders(join(data, "png"), digits(30));
    const answer = await submitted(["--data", join(data, "png"), "--epochs", "8"]);
    expect(answer.result.steps).toBe(Math.ceil((8 * 270) / 16));
    const names = Array.from({ length: 10 }, (_, digit) => `digit-${digit}`);
    await checkFetched(answer, names);
    const digitsOfId = answer.job.slice(0, 10);
    const shown = await json<JobDetail>(["job", "show", digitsOfId]);
    expect(shown).toMatchObject({ name: "png", state: "done", sponsored: false });
    expect(shown.data).toMatchObject({ kind: "images", classes: 10, holdoutCount: 30 });
    const { jobs } = await json<{ jobs: JobSummary[] }>(["job", "list"]);
    expect(jobs[0]).toMatchObject({ job: answer.job, name: "png", state: "done" });
  });

  it("takes its owner's model, and pays price and fees out of the balance alone", async () => {
    const { job } = (await json<{ jobs: JobSummary[] }>(["job", "list"])).jobs[0];
    const out = join(data, "model");
    await home.run(["job", "fetch", job, "--out", out]);
    const { model } = manifestIn(out);
    const file = join(data, "model.json");
    writeFileSync(file, JSON.stringify(model));
    const words = ["--data", join(data, "png"), "--steps", "57", "--model", file];
    const { result } = await submitted(words);
    expect(result).toMatchObject({ outcome: "paid", steps: 57 });
    expect(result.payments.every((payment) => !payment.minted)).toBe(true);
    const report = await json<LedgerReport>(["ledger", "verify"]);
    expect(report).toMatchObject({ ok: true, mintedBase: "0" });
  });
});

describe("wrong inputs", () => {
  const fresh = new TestHome();
  beforeAll(async () => {
    expect(await fresh.run(["up", "--detach"])).toMatchObject({ code: 0 });
  });
  afterAll(() => fresh.remove());

  it.each(WRONG_INPUTS)("refuses $what with its code and writes no record", async (wrong) => {
    const path = join(data, "wrong");
    rmSync(path, { recursive: true, force: true });
    mkdirSync(path);
    const { code, words, stderr = "" } = wrong.make(path);
    const ran = await fresh.run(["job", "submit", ...words]);
    expect(ran.code).toBe(1);
    // On a busy machine reading takes long enough to be told.
    expect(ran.stdout).toMatch(/^(Reading \S+ …\n)?$/);
    expect(ran.stderr).toMatch(new RegExp(`^${code}: [^\n]*${stderr}[^\n]*\nSafe: [^\n]+\n$`));
    expect(await standing(fresh)).toEqual(NOTHING_WRITTEN);
    // Nor is anything left of the data.
    expect(existsSync(fresh.folder.dataSets)).toBe(false);
    expect(blobNames(fresh)).toEqual([DIGITS_BLOB_SHA256]);
  });

  it("refuses a command line that does not say what to train, with exit code 2", async () => {
    const model = ["--data", data, "--model", "model.json", "--layers", "2"];
    const wrong = [[], ["digits-cnn", "--data", data], ["digits-cnn", "--steps", "3"], model];
    for (const words of wrong) {
      expect(await fresh.run(["job", "submit", ...words])).toMatchObject({ code: 2, stdout: "" });
    }
  });
});

async function json<T>(words: readonly string[]): Promise<T> {
  const ran = await home.run([...words, "--json"]);
  expect(ran).toMatchObject({ code: 0, stderr: "" });
  return JSON.parse(ran.stdout) as T;
}

async function submitted(words: readonly string[]): Promise<Answer> {
  const answer = await json<Answer>(["job", "submit", ...words, "--watch"]);
  expect(answer.result).toMatchObject({ outcome: "paid", code: null });
  return answer;
}

function accuracyIn(text: string): number {
  return Number(/hold-out accuracy (\d+\.\d) %/.exec(text)?.[1] ?? "0");
}

function manifestIn(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, "weights.json"), "utf8")) as Manifest;
}

/** The fetched weights, read with the manifest alone, have the root of the reveal record. */
async function checkFetched({ job, result }: Answer, classNames: string[]): Promise<Manifest> {
  const out = join(data, `weights-${job.slice(0, 8)}`);
  expect((await home.run(["job", "fetch", job.slice(0, 12), "--out", out])).code).toBe(0);
  const manifest = manifestIn(out);
  expect(manifest.data.classNames).toEqual(classNames);
  expect(manifest.holdout).toMatchObject(result.holdout ?? {});
  const model = parseModel(JSON.stringify(manifest.model));
  const program = model.ok ? compileTraining(model.value) : model;
  if (!program.ok) throw new Error(program.rejection.code);
  const bytes = readFileSync(join(out, "weights.bin"));
  const states = decodeState(program.value, bytes);
  if (!states.ok) throw new Error(states.rejection.code);
  for (const [index, { offset, bytes: size }] of manifest.weights.tensors.entries()) {
    const values = new Float32Array(bytes.buffer.slice(bytes.byteOffset + offset).slice(0, size));
    expect(values).toEqual(states.value[index]);
  }
  const root = bytesToHex(stateRoot(nativeSha256, program.value, states.value));
  expect(manifest.weights.stateRoot).toBe(root);
  const slot = manifest.receipts.reveal?.slot ?? -1;
  const record = await json<LedgerRecord>(["ledger", "get", String(slot)]);
  expect(record).toMatchObject({ kind: "unit-reveal", code: "", fields: { endRoot: root } });
  return manifest;
}

/** Both receipts hold for anyone who has them and the genesis document. */
async function checkReceipts({ receipts }: Manifest): Promise<void> {
  for (const slot of [receipts.reveal?.slot, receipts.paid.slot]) {
    expect((await home.run(["wallet", "receipt", String(slot)])).code).toBe(0);
  }
}

/** A damaged blob is noticed, and nothing is written. */
async function checkDamaged(job: string, { weights }: Manifest): Promise<void> {
  const blob = join(home.folder.blobs, weights.sha256.slice(0, 2), weights.sha256);
  const whole = readFileSync(blob);
  const damaged = Buffer.from(whole);
  damaged[damaged.length - 1] ^= 1;
  writeFileSync(blob, damaged);
  const out = join(data, "none");
  const ran = await home.run(["job", "fetch", job, "--out", out]);
  writeFileSync(blob, whole);
  expect(ran.code).toBe(1);
  expect(ran.stderr).toMatch(/^PROCESSES_WEIGHTS_ROOT: /);
  expect(() => readFileSync(join(out, "weights.json"))).toThrow();
}

/** How far a network's ledger and its miner are. */
async function standing(of: TestHome) {
  const client = await of.connect();
  const status = await client?.call("status", {});
  client?.close();
  if (status?.ok !== true) throw new Error("no status");
  const { head, jobsOpen, mine } = status.value;
  return { slots: head.slots, jobsOpen, state: mine.state };
}

function blobNames({ folder }: TestHome): string[] {
  return readdirSync(folder.blobs).flatMap((part) => readdirSync(join(folder.blobs, part)));
}
