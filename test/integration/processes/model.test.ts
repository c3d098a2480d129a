import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exportModel } from "../../../src-main/adapters/model-files/index.ts";
import { compileTraining, initialStates } from "../../../src-main/engine/index.ts";
import type { ModelConfig } from "../../../src-main/engine/index.ts";
import { digits, irisCsv, writeIdx } from "../../worlds/own-data-files.ts";
import { TestHome } from "./run-vivian.ts";

const home = new TestHome();
const at = (...parts: readonly string[]) => join(home.root, ...parts);

/** Digits through residual blocks; a LayersModel of it lies in "layers-model". */
const RESNET: ModelConfig = {
  input: { height: 28, width: 28, channels: 1 },
  classes: 10,
  batchSize: 16,
  layers: [
    { type: "conv2d", filters: 4, kernel: 3, stride: 2, activation: "relu" },
    { type: "residual-block", filters: 4, norm: "none" },
    { type: "residual-block", filters: 8, stride: 2, norm: "none" },
    { type: "global-average-pool" },
    { type: "dense", units: 10, activation: "none" },
  ],
  loss: "softmax-cross-entropy",
  optimizer: { type: "sgd-momentum", momentum: 0.9, schedule: [{ step: 1, rate: 0.05 }] },
};

beforeAll(() => {
  mkdirSync(at("own"));
  writeIdx(at("own"), "train", digits(20));
  writeFileSync(at("iris.csv"), irisCsv());
  const program = compileTraining(RESNET);
  if (!program.ok) throw new Error(program.rejection.code);
  // States of the forward pass come first: what begins training is enough to be a model.
  const states = initialStates(new Uint8Array(32).fill(1), program.value);
  const words = { generatedBy: "test", metadata: {} };
  expect(exportModel(at("layers-model"), RESNET, states, words).ok).toBe(true);
});
afterAll(() => home.remove());

const json = async (...words: readonly string[]) => {
  const ran = await home.run([...words, "--json"]);
  return { code: ran.code, answer: JSON.parse(ran.stdout) as Record<string, unknown> };
};

describe("vivian model", () => {
  it("imports, shows and evaluates without a daemon, and writes over nothing", async () => {
    const importing = ["model", "import", at("layers-model"), "--to", at("m.json")];
    const imported = await home.run(importing);
    expect(imported).toMatchObject({ code: 0, stderr: "" });
    expect(imported.stdout).toContain("Takes images of 28 × 28 × 1 in 10 classes");
    expect(imported.stdout).toContain("a job begins from them with --from-weights");
    expect(imported.stdout).toMatch(/^Train it: `vivian job submit --data PATH --model /m);
    expect(await home.run(importing)).toMatchObject({ code: 1 });
    const shown = await json("model", "show", at("m.json"));
    expect(shown.answer).toMatchObject({ hasWeights: true, model: { classes: 10 } });
    const counted = await json("model", "evaluate", at("m.json"), "--data", at("own"));
    expect(counted.answer).toMatchObject({ total: 20 });
    const all = await json("model", "evaluate", at("layers-model"), "--data", at("own"), "--all");
    expect(all.answer).toMatchObject({ total: 200 });
  });

  it("says what does not fit", async () => {
    const codeOf = async (...words: readonly string[]) => {
      const { code, answer } = await json("model", ...words);
      return `${code} ${(answer["error"] as { code: string }).code}`;
    };
    expect(await codeOf("evaluate", at("layers-model"), "--data", at("iris.csv"))).toBe(
      "1 PROCESSES_MODEL_DATA",
    );
    writeFileSync(at("bare.json"), JSON.stringify(RESNET));
    expect(await codeOf("export", at("bare.json"), "--to", at("x"))).toBe(
      "1 PROCESSES_MODEL_WEIGHTS",
    );
    expect(await codeOf("show", at("nothing"))).toBe("1 MODEL_FILE_MISSING");
    expect(await codeOf("export", "abcdef12", "--to", at("x"))).toBe("3 API_UNREACHABLE");
    const misused = ["model", "show", at("m.json"), "--image", "28"];
    expect(await home.run(misused)).toMatchObject({ code: 2 });
  });

  it("trains an imported model as a paid job, whose weights leave for other programs", async () => {
    expect(await home.run(["up", "--detach"])).toMatchObject({ code: 0 });
    const model = ["--data", at("own"), "--model", at("m.json"), "--steps", "60"];
    const paid = await json("job", "submit", ...model, "--watch");
    expect(paid.answer).toMatchObject({ result: { outcome: "paid" } });
    const job = String(paid.answer["job"]);
    const written = await json("model", "export", job, "--to", at("out"));
    expect(written).toMatchObject({ code: 0, answer: { job } });
    const file = JSON.parse(readFileSync(at("out", "model.json"), "utf8")) as object;
    expect(file).toMatchObject({
      modelTopology: { class_name: "Model" },
      userDefinedMetadata: { vivian: { job } },
    });
    const { holdout } = paid.answer["result"] as { holdout: { correct: number; total: number } };
    const again = await json("model", "evaluate", at("out"), "--data", at("own"));
    const here = await json("model", "evaluate", job, "--data", at("own"));
    for (const { answer } of [again, here]) {
      expect(answer).toMatchObject({ correct: holdout.correct, total: holdout.total });
    }
  });

  it("begins a job from imported weights, which a rate of nothing leaves as they are", async () => {
    expect((await json("model", "import", at("out"), "--to", at("out.json"))).code).toBe(0);
    const before = await json("model", "evaluate", at("out.json"), "--data", at("own"));
    const still = { ...RESNET.optimizer, schedule: [{ step: 1, rate: 0 }] };
    const text = JSON.parse(readFileSync(at("out.json"), "utf8")) as object;
    writeFileSync(at("out.json"), JSON.stringify({ ...text, optimizer: still }));
    const words = ["--data", at("own"), "--model", at("out.json"), "--from-weights"];
    const paid = await json("job", "submit", ...words, "--steps", "60", "--watch");
    const { correct, total } = before.answer;
    expect(paid.answer).toMatchObject({ result: { outcome: "paid", holdout: { correct, total } } });
    const job = String(paid.answer["job"]);
    expect((await json("model", "export", job, "--to", at("same"))).code).toBe(0);
    const weights = (folder: string) => readFileSync(at(folder, "group1-shard1of1.bin"));
    expect(weights("same")).toEqual(weights("out"));
    expect(weights("out")).not.toEqual(weights("layers-model"));
    const bare = ["--data", at("own"), "--model", at("bare.json"), "--from-weights", "--preview"];
    const refused = await json("job", "submit", ...bare);
    expect(refused.answer).toMatchObject({ error: { code: "PROCESSES_MODEL_WEIGHTS" } });
    const anew = ["--data", at("own"), "--from-weights"];
    expect(await home.run(["job", "submit", ...anew])).toMatchObject({ code: 2 });
  });
});
