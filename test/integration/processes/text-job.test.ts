/** A text becomes a model, from file to weights, with a real daemon, worker and verifier. */

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { nativeSha256 } from "../../../src-main/adapters/native-crypto/index.ts";
import { bytesToHex } from "../../../src-main/contract/bytes.ts";
import type {
  JobDetail,
  LedgerRecord,
  LedgerReport,
  Quote,
  UnitResult,
} from "../../../src-main/contract/control-api/index.ts";
import {
  compileTraining,
  decodeState,
  parseModel,
  stateRoot,
} from "../../../src-main/engine/index.ts";
import type { Manifest } from "../../../src-main/processes/cli/weights-manifest.ts";
import { TestHome } from "./run-vivian.ts";

const home = new TestHome();
const TALE = "the cat sat on the mat and the dog sat by the door\n".repeat(60);

/** What `job submit --data --watch --json` answers. */
interface Answer {
  readonly job: string;
  readonly quote: Quote;
  readonly result: UnitResult;
}

async function json<T>(words: readonly string[]): Promise<T> {
  const ran = await home.run([...words, "--json"]);
  expect(ran).toMatchObject({ code: 0, stderr: "" });
  return JSON.parse(ran.stdout) as T;
}

beforeAll(async () => {
  writeFileSync(join(home.root, "tale.txt"), TALE);
  expect(await home.run(["up", "--detach"])).toMatchObject({ code: 0 });
});
afterAll(() => home.remove());

describe("a job on text", () => {
  let answer: Answer;

  it("is quoted as a small GPT, trained, checked by the verifier, and paid", async () => {
    const size = ["--context", "16", "--layers", "1", "--width", "16", "--steps", "114"];
    const words = ["--data", join(home.root, "tale.txt"), "--tokens", "characters", ...size];
    answer = await json<Answer>(["job", "submit", ...words, "--watch"]);
    const { quote, result } = answer;
    const kinds = new Set(TALE).size;
    expect(quote.data).toMatchObject({ kind: "text", classes: kinds, width: 16 });
    expect(quote.model).toBe(
      "embedding 16, transformer block of 1 head, dropout 0.2, layer norm; learns by AdamW",
    );
    expect(result).toMatchObject({ outcome: "paid", steps: 114, segments: 57 });
    expect(result.segmentsChecked).toBeGreaterThanOrEqual(3);
    const report = await json<LedgerReport>(["ledger", "verify"]);
    expect(report).toMatchObject({ ok: true, mintedBase: "0" });
  });

  it("is judged by its loss: better than by the letters' shares, never by accuracy", async () => {
    const { holdout } = answer.result;
    const { context, holdoutBytes } = answer.quote.data.text ?? { context: 0, holdoutBytes: 0 };
    expect(holdout?.total).toBe(answer.quote.data.holdoutCount * context);
    expect(holdout?.text?.bytes).toBe(holdoutBytes);
    const shares = new Map<string, number>();
    for (const letter of TALE) shares.set(letter, (shares.get(letter) ?? 0) + 1 / TALE.length);
    const entropy = [...shares.values()].reduce((sum, share) => sum - share * Math.log(share), 0);
    expect(holdout?.text?.nats).toBeLessThan(entropy);
    expect(answer.result.loss).toBeLessThan(entropy);
    const shown = await json<JobDetail>(["job", "show", answer.job]);
    expect(shown.data).toMatchObject({ kind: "text", text: { tokens: "characters" } });
  });

  it("gives its weights with the ledger's root, and the table that reads its tokens", async () => {
    const out = join(home.root, "weights");
    const fetched = await home.run(["job", "fetch", answer.job.slice(0, 12), "--out", out]);
    expect(fetched).toMatchObject({ code: 0, stderr: "" });
    expect(fetched.stdout).toMatch(
      /^hold-out loss \d\.\d{3} nats .*, perplexity .* bits per byte/m,
    );
    expect(fetched.stdout).not.toContain("accuracy");
    const manifest = JSON.parse(readFileSync(join(out, "weights.json"), "utf8")) as Manifest;
    const letters = [...new Set(TALE)].map((letter) => letter.codePointAt(0) ?? 0);
    const vocabulary = letters.toSorted((one, other) => one - other);
    expect(manifest.data.text).toEqual({ tokens: "characters", context: 16, vocabulary });
    expect(manifest.holdout).toEqual({
      total: answer.result.holdout?.total,
      text: answer.result.holdout?.text,
    });
    const model = parseModel(JSON.stringify(manifest.model));
    const program = model.ok ? compileTraining(model.value) : model;
    if (!program.ok) throw new Error(program.rejection.code);
    const states = decodeState(program.value, readFileSync(join(out, "weights.bin")));
    if (!states.ok) throw new Error(states.rejection.code);
    const root = bytesToHex(stateRoot(nativeSha256, program.value, states.value));
    const slot = String(manifest.receipts.reveal?.slot);
    const record = await json<LedgerRecord>(["ledger", "get", slot]);
    expect(record).toMatchObject({ kind: "unit-reveal", code: "", fields: { endRoot: root } });
  });

  it("writes on from a text, from letters it knows", async () => {
    const sample = ["job", "sample", answer.job.slice(0, 12), "--length", "12"];
    const first = await json<{ text: string }>([...sample, "--prompt", "the "]);
    expect(first.text).toHaveLength(12);
    expect([...first.text].every((letter) => TALE.includes(letter))).toBe(true);
    const unknown = await home.run([...sample, "--prompt", "Q"]);
    expect(unknown).toMatchObject({ code: 1, stdout: "" });
    expect(unknown.stderr).toMatch(/^PROCESSES_PROMPT: /);
  });

  it("is judged on another text in its own tokens, again by its loss", async () => {
    const other = join(home.root, "other.txt");
    writeFileSync(other, TALE.split("\n").toReversed().join("\n").trimStart());
    const words = ["model", "evaluate", answer.job.slice(0, 12), "--data"];
    const judged = await json<{ lossNats: number }>([...words, other]);
    expect(judged).not.toHaveProperty("accuracy");
    const { nats = 0 } = answer.result.holdout?.text ?? {};
    expect(Math.abs(judged.lossNats - nats)).toBeLessThan(0.2);
    writeFileSync(other, "QUITE another text, in letters of its own. ".repeat(9));
    const refused = await home.run([...words, other]);
    expect(refused).toMatchObject({ code: 1, stdout: "" });
    expect(refused.stderr).toMatch(/^DATA_IMPORT_TEXT_UNKNOWN: /);
  });

  it("takes its owner's model again, cut as that reads, where it is of as many kinds", async () => {
    const manifest = readFileSync(join(home.root, "weights", "weights.json"), "utf8");
    const file = join(home.root, "model.json");
    writeFileSync(file, JSON.stringify((JSON.parse(manifest) as Manifest).model));
    const words = ["job", "submit", "--data", join(home.root, "tale.txt"), "--model", file];
    const { quote } = await json<Answer>([...words, "--tokens", "characters", "--preview"]);
    expect(quote).toMatchObject({ modelChosen: false, data: { text: { context: 16 } } });
    const other = await home.run([...words, "--preview"]);
    const both = /^PROCESSES_MODEL_DATA: .*16 tokens, each of 16 kinds.*each of 256 kinds/;
    expect(other.stderr).toMatch(both);
  });
});
