import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { writeOwnModel } from "../../../src-main/adapters/model-files/index.ts";
import { nativeSha256 } from "../../../src-main/adapters/native-crypto/index.ts";
import { bytesToHex } from "../../../src-main/contract/bytes.ts";
import { Fault } from "../../../src-main/contract/outcome.ts";
import {
  compileEvaluation,
  compileTraining,
  initialStates,
  parseModel,
} from "../../../src-main/engine/index.ts";
import type { ModelConfig } from "../../../src-main/engine/index.ts";
import { openJob, startState } from "../../../src-main/miner/job/job-program.ts";
import { withStart } from "../../../src-main/miner/job/start-state.ts";
import { OwnStarts, startFrom } from "../../../src-main/processes/daemon/own-starts.ts";
import { forkChild } from "../../../src-main/processes/fork-child.ts";
import { openWorld } from "./practice-world.ts";
import type { World } from "./practice-world.ts";
import { makeSmallJob } from "./small-job.ts";

const folder = mkdtempSync(join(tmpdir(), "vivian-starts-"));
const starts = new OwnStarts(join(folder, "starts"));
const base = makeSmallJob(24, 6);
let world: World | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  base.remove();
});

function must<T>(outcome: { readonly ok: true; readonly value: T } | { readonly ok: false }): T {
  if (!outcome.ok) throw new Error(JSON.stringify(outcome));
  return outcome.value;
}

const MODEL: ModelConfig = must(parseModel(base.spec.model));

/** Weights of the model from another seed, beside its text. */
function weightsOf(name: string, model: ModelConfig): string {
  const file = join(folder, name);
  const states = initialStates(new Uint8Array(32).fill(9), must(compileEvaluation(model, 1)));
  must(writeOwnModel(file, { model, states }));
  return file;
}

const file = weightsOf("m.json", MODEL);
const seed = new Uint8Array(32).fill(1);
const start = must(startFrom(nativeSha256, MODEL, file, seed));

const codeOf = (outcome: ReturnType<typeof startFrom>) =>
  outcome.ok ? "accepted" : outcome.rejection.code;

function codeThrown(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof Fault) return error.code;
    throw error;
  }
  return "nothing";
}

describe("a given start", () => {
  it("holds the weights, and all else as the seed has it", () => {
    starts.keep(start);
    const spec = { ...base.spec, startRoot: start.root };
    const opened = withStart(nativeSha256, openJob(nativeSha256, spec), starts.path(start.root));
    const evaluation = must(compileEvaluation(MODEL, 1));
    const given = initialStates(new Uint8Array(32).fill(9), evaluation);
    const training = must(compileTraining(MODEL));
    const states = startState(opened);
    for (const [at, { name }] of evaluation.states.entries()) {
      const to = training.states.findIndex((state) => state.name === name);
      expect(states[to]).toEqual(given[at]);
    }
    const rest = initialStates(seed, training);
    expect(states.slice(evaluation.states.length)).toEqual(rest.slice(evaluation.states.length));
  });

  it("draws what falls out anew", () => {
    const dropping: ModelConfig = {
      ...MODEL,
      layers: [
        ...MODEL.layers.slice(0, -1),
        { type: "dropout", rate: 0.5 },
        ...MODEL.layers.slice(-1),
      ],
    };
    const path = weightsOf("d.json", dropping);
    const roots = [1, 2].map((byte) =>
      bytesToHex(
        must(
          startFrom(
            nativeSha256,
            dropping,
            path,
            seed.map(() => byte),
          ),
        ).root,
      ),
    );
    expect(roots[0]).not.toBe(roots[1]);
  });

  it("comes from weights of the same network, however that learned", () => {
    const slower = { ...MODEL, batchSize: MODEL.batchSize / 2 };
    expect(codeOf(startFrom(nativeSha256, slower, file, seed))).toBe("accepted");
    const coarse: ModelConfig = { ...MODEL, profile: "I8" };
    expect(codeOf(startFrom(nativeSha256, coarse, file, seed))).toBe("PROCESSES_MODEL_START");
    must(writeOwnModel(join(folder, "bare.json"), { model: MODEL, states: null }));
    expect(codeOf(startFrom(nativeSha256, MODEL, join(folder, "bare.json"), seed))).toBe(
      "PROCESSES_MODEL_WEIGHTS",
    );
    expect(codeOf(startFrom(nativeSha256, MODEL, join(folder, "no.json"), seed))).toBe(
      "MODEL_FILE_MISSING",
    );
  });

  it("is not begun with where it is missing, cut or another one", () => {
    const spec = { ...base.spec, startRoot: start.root };
    const opened = openJob(nativeSha256, spec);
    const begun = (path: string | undefined) =>
      codeThrown(() => startState(withStart(nativeSha256, opened, path)));
    expect(starts.path(new Uint8Array(32))).toBeUndefined();
    expect(begun(undefined)).toBe("LEARNING_START");
    expect(begun(join(folder, "nowhere"))).toBe("LEARNING_START");
    const path = join(folder, "changed");
    writeFileSync(path, start.bytes.subarray(1));
    expect(begun(path)).toBe("LEARNING_START");
    const other = Uint8Array.from(start.bytes);
    other[other.length - 3] ^= 1;
    writeFileSync(path, other);
    expect(begun(path)).toBe("LEARNING_START");
    const unlike = Uint8Array.from(start.bytes).fill(0, 0, 4);
    writeFileSync(path, unlike);
    expect(begun(path)).toBe("LEARNING_START");
    const fromSeed = openJob(nativeSha256, base.spec);
    expect(withStart(nativeSha256, fromSeed, path)).toBe(fromSeed);
  });
});

describe("a unit that begins with a given start", () => {
  const given = () => {
    const job = makeSmallJob(24, 6, { fullReplayPermille: 1000 });
    return { ...job, spec: { ...job.spec, startRoot: start.root } };
  };

  it("is trained, checked from its first step on and paid", async () => {
    starts.keep(start);
    world = await openWorld(given(), forkChild, { startPath: (root) => starts.path(root) });
    world.miner.start();
    await world.submit();
    const unit = await world.until(({ phase }) => phase === "paid");
    expect(unit.verification).toMatchObject({ mode: "full", checked: 6 });
    expect(readFileSync(starts.path(start.root) ?? "")).toEqual(Buffer.from(start.bytes));
  });

  it("cannot go on where nobody has it", async () => {
    world = await openWorld(given(), forkChild);
    world.miner.start();
    await world.submit();
    const unit = await world.until((_, { state }) => state === "failed");
    expect(unit.code).toBe("MINER_START_MISSING");
  });
});
