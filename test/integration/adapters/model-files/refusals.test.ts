import { execFileSync } from "node:child_process";
import {
  mkdirSync,
  readFileSync,
  readdirSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  exportModel,
  importModel,
  readOwnModel,
  writeOwnModel,
} from "../../../../src-main/adapters/model-files/index.ts";
import { sha256 } from "../../../../src-main/crypto/index.ts";
import {
  compileEvaluation,
  compileTraining,
  encodeState,
  initialStates,
  stateMapping,
} from "../../../../src-main/engine/index.ts";
import type { ModelConfig } from "../../../../src-main/engine/index.ts";
import { layer, refusalOf, sequential } from "../../../generators/keras-document.ts";
import { temporaryFolder } from "./tfjs-parts.ts";

let folder = temporaryFolder();
beforeEach(() => (folder = temporaryFolder()));
afterEach(() => folder.remove());

const at = (...parts: readonly string[]) => join(folder.path, ...parts);

const MODEL: ModelConfig = {
  input: { features: 2 },
  classes: 2,
  batchSize: 4,
  layers: [{ type: "dense", units: 2, activation: "none" }],
  loss: "softmax-cross-entropy",
  optimizer: { type: "sgd-momentum", momentum: 0, schedule: [{ step: 1, rate: 0.1 }] },
};
const STATES = [Float32Array.of(1, 2, 3, 4), Float32Array.of(5, 6)];
const WORDS = { generatedBy: "test", metadata: {} };

/** A LayersModel of six numbers in files of these sizes. */
function write(shards: Readonly<Record<string, number>>, paths = Object.keys(shards)): void {
  const weights = [
    { name: "d/kernel", shape: [2, 2], dtype: "float32" },
    { name: "d/bias", shape: [2], dtype: "float32" },
  ];
  const modelTopology = sequential([2], layer("Dense", { name: "d", units: 2 }));
  const document = { modelTopology, weightsManifest: [{ paths, weights }] };
  writeFileSync(at("model.json"), JSON.stringify(document));
  for (const [name, size] of Object.entries(shards)) writeFileSync(at(name), new Uint8Array(size));
}

const refused = (path = folder.path) => refusalOf(importModel(path));

describe("a LayersModel's files", () => {
  it("are read as a folder or by the model's file, in as many parts as there are", () => {
    write({ "a.bin": 24 });
    expect(refused()).toBe("accepted");
    expect(refused(at("model.json"))).toBe("accepted");
    write({ "a.bin": 23, "b.bin": 0, "c.bin": 1 });
    expect(refused()).toBe("accepted");
  });

  it("are refused where one is missing, cut or too long", () => {
    expect(refused()).toContain(`MODEL_FILE_MISSING path=${at("model.json")}`);
    expect(refused(at("nothing"))).toContain("MODEL_FILE_MISSING");
    write({ "a.bin": 24 }, ["a.bin", "gone.bin"]);
    expect(refused()).toContain(`MODEL_FILE_MISSING path=${at("gone.bin")}`);
    write({ "a.bin": 20 });
    expect(refused()).toContain("ENGINE_KERAS_WEIGHT_BYTES file=a.bin bytes=20 expected=24");
    write({ "a.bin": 25 });
    expect(refused()).toContain("MODEL_FILE_TOO_LARGE");
    write({ "a.bin": 20, "b.bin": 5 });
    expect(refused()).toContain("MODEL_FILE_TOO_LARGE path=b.bin and those before it");
    truncateSync(at("a.bin"), 2 ** 40);
    expect(refused()).toContain(`MODEL_FILE_TOO_LARGE path=${at("a.bin")}`);
    truncateSync(at("model.json"), 2 ** 30);
    expect(refused()).toContain("MODEL_FILE_TOO_LARGE");
  });

  it("lead nowhere else: no other folder, no link, no pipe, no folder for a file", () => {
    mkdirSync(at("sub"));
    writeFileSync(at("secret"), new Uint8Array(24));
    for (const path of ["../secret", "sub/a.bin", "/etc/hostname"]) {
      write({ "a.bin": 24 }, [path]);
      expect(refused()).toContain("ENGINE_KERAS_FORM where=weightsManifest[0].paths[0]");
    }
    symlinkSync(at("secret"), at("link.bin"));
    write({}, ["link.bin"]);
    expect(refused()).toContain(`MODEL_FILE_UNREADABLE path=${at("link.bin")}`);
    write({}, ["sub"]);
    expect(refused()).toContain("MODEL_FILE_UNREADABLE");
    execFileSync("mkfifo", [at("pipe.bin")]);
    write({}, ["pipe.bin"]);
    expect(refused()).toContain("MODEL_FILE_UNREADABLE");
  });

  it("of another form are told how to convert", () => {
    writeFileSync(at("m.h5"), Uint8Array.of(0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a, 9));
    expect(refused(at("m.h5"))).toMatch(/MODEL_FILE_KIND .*kind=HDF5 .*--input_format=keras FILE/);
    writeFileSync(at("m.keras"), Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0));
    expect(refused(at("m.keras"))).toMatch(/MODEL_FILE_KIND .*model\.save\("FILE\.h5"\)/);
    writeFileSync(at("saved_model.pb"), "x");
    expect(refused()).toMatch(/MODEL_FILE_KIND .*kind=SavedModel .*keras_saved_model/);
    for (const text of ["", "{", Uint8Array.of(0x22, 0xff, 0x22)]) {
      writeFileSync(at("model.json"), text);
      expect(refused()).toContain("MODEL_FILE_JSON");
    }
    writeFileSync(at("model.json"), '{"format": "graph-model", "modelTopology": {"node": []}}');
    expect(refused()).toContain("ENGINE_KERAS_FORMAT");
  });

  it("are never written over", () => {
    const once = () => exportModel(folder.path, MODEL, STATES, WORDS);
    expect(refusalOf(once())).toBe("accepted");
    const written = readdirSync(folder.path).toSorted();
    expect(written).toEqual(["group1-shard1of1.bin", "model.json"]);
    const before = readFileSync(at("model.json"));
    expect(refusalOf(once())).toContain(`MODEL_FILE_EXISTS path=${at("model.json")}`);
    expect(readFileSync(at("model.json"))).toEqual(before);
    const back = importModel(folder.path);
    expect(back.ok && back.value.states).toEqual(STATES);
    writeFileSync(at("file"), "x");
    const under = exportModel(at("file", "sub"), MODEL, STATES, WORDS);
    expect(refusalOf(under)).toContain("MODEL_FILE_WRITE");
  });
});

describe("a model in this program's own form", () => {
  it("lies beside its weights and is read back", () => {
    expect(writeOwnModel(at("m.json"), { model: MODEL, states: STATES })).toEqual({
      ok: true,
      value: { file: at("m.json"), weightsFile: at("m.weights.bin") },
    });
    const read = readOwnModel(at("m.json"));
    expect(read.ok && read.value).toEqual({ model: MODEL, states: STATES, classNames: [] });
    expect(refusalOf(writeOwnModel(at("m.json"), { model: MODEL, states: null }))).toContain(
      "MODEL_FILE_EXISTS",
    );
    writeFileSync(at("n.weights.bin"), "");
    expect(refusalOf(writeOwnModel(at("n.json"), { model: MODEL, states: null }))).toContain(
      `MODEL_FILE_EXISTS path=${at("n.weights.bin")}`,
    );
  });

  it("is refused where its weights are another model's", () => {
    writeOwnModel(at("m.json"), { model: MODEL, states: STATES });
    truncateSync(at("m.weights.bin"), 30);
    expect(refusalOf(readOwnModel(at("m.json")))).toContain("MODEL_FILE_DAMAGED");
    writeFileSync(at("m.json"), JSON.stringify({ ...MODEL, batchSize: 0 }));
    expect(refusalOf(readOwnModel(at("m.json")))).toContain("ENGINE_MODEL_VALUE");
  });

  it("is read from what a job's fetching wrote, if the bytes are those that were written", () => {
    const program = compileTraining(MODEL);
    const evaluation = compileEvaluation(MODEL, 1);
    if (!program.ok || !evaluation.ok) throw new Error("does not compile");
    const all = initialStates(new Uint8Array(32).fill(2), program.value);
    const bytes = encodeState(program.value, all);
    const hash = Buffer.from(sha256(bytes)).toString("hex");
    const manifest = {
      format: "vivian-weights/1",
      weights: { sha256: hash },
      model: MODEL,
      data: { classNames: ["no", "yes"] },
    };
    writeFileSync(at("weights.json"), JSON.stringify(manifest));
    writeFileSync(at("weights.bin"), bytes);
    const read = readOwnModel(folder.path);
    expect(read.ok && read.value).toEqual({
      model: MODEL,
      states: stateMapping(program.value, evaluation.value).map((index) => all[index]),
      classNames: ["no", "yes"],
    });
    bytes[bytes.length - 1] ^= 1;
    writeFileSync(at("weights.bin"), bytes);
    expect(refusalOf(readOwnModel(folder.path))).toContain("MODEL_FILE_DAMAGED");
    writeFileSync(at("weights.json"), "{}");
    expect(refusalOf(readOwnModel(folder.path))).toContain("reason=format is not");
  });

  it("is refused where there is no folder for it", () => {
    const missing = writeOwnModel(at("missing", "m.json"), { model: MODEL, states: null });
    expect(refusalOf(missing)).toContain("MODEL_FILE_WRITE");
  });
});
