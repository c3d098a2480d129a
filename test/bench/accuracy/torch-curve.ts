/**
 * Decides how PyTorch is asked for the loss curve of a study: it has gradients and an optimizer of
 * its own, so where both agree, the float engine's curve is that of f32 and not of a mistake.
 */

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { compileTraining, initialStates } from "../../../src-main/engine/index.ts";
import type { ModelConfig } from "../../../src-main/engine/index.ts";
import { batchOf, seedBytes } from "./curves.ts";
import type { Study } from "./studies.ts";

/** What PyTorch answered. */
export interface TorchCurve {
  /** Program and version. */
  readonly name: string;
  /** Training loss of each step, in nats. */
  readonly losses: readonly number[];
}

const SCRIPT = fileURLToPath(new URL("../peers/torch-curve.py", import.meta.url));

/** The system's own Python has the system's packages; another may stand before it on PATH. */
const PYTHONS = ["/usr/bin/python3", "python3"];

/** The rate of each step of a table. */
function ratesOf({ optimizer }: ModelConfig, steps: number): readonly number[] {
  return Array.from({ length: steps }, (_, at) => {
    const entry = optimizer.schedule.findLast(({ step }) => step <= at + 1);
    return entry?.rate ?? 0;
  });
}

function writeStudy(folder: string, study: Study, seed: number): void {
  const { model, name, steps } = study;
  const compiled = compileTraining(model);
  if (!compiled.ok) throw new Error(compiled.rejection.code);
  const states = initialStates(seedBytes(seed), compiled.value);
  // What the optimizer keeps begins with a name of its own; the script makes it for itself.
  const chosen = compiled.value.states.flatMap((state, at) =>
    state.name.startsWith("layer-") ? [{ ...state, values: states[at] }] : [],
  );
  const { optimizer } = model;
  if (optimizer.type !== "adam-w") throw new Error("the script knows AdamW alone");
  const blocks = model.layers.filter(({ type }) => type === "transformer-block");
  const about = {
    name,
    steps,
    batch: model.batchSize,
    blocks: blocks.length,
    heads: blocks.reduce((heads, layer) => ("heads" in layer ? layer.heads : heads), 1),
    clip: model.clipNorm ?? null,
    rates: ratesOf(model, steps),
    beta1: optimizer.beta1,
    beta2: optimizer.beta2,
    epsilon: optimizer.epsilon,
    decay: optimizer.weightDecay,
    states: chosen.map((state) => [state.name, state.shape]),
  };
  writeFileSync(join(folder, "study.json"), JSON.stringify(about));
  const parts = chosen.map(({ values }) => new Uint8Array(values.slice().buffer));
  writeFileSync(join(folder, "weights.bin"), Buffer.concat(parts));
  const batches = Array.from({ length: steps }, (_, at) => batchOf(study, seed, at + 1));
  writeFileSync(join(folder, "batches.bin"), Buffer.concat(batches));
}

/** Both lines of the script, or why there are none. */
function runPython(python: string, folder: string): Promise<TorchCurve | string> {
  return new Promise((resolve) => {
    const child = spawn(python, [SCRIPT, folder], {
      env: { ...process.env, OMP_NUM_THREADS: "1" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let said = "";
    let words = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (said += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (words += text));
    child.once("error", (error) => resolve(error.message));
    child.once("close", () => {
      const [name, losses] = said.trim().split("\n");
      if (losses === undefined) resolve(words.trim().split("\n").at(-1) ?? "it said nothing");
      else resolve({ name, losses: JSON.parse(losses) as readonly number[] });
    });
  });
}

/** PyTorch's curve of a study, or why there is none. */
export async function torchCurve(study: Study, seed: number): Promise<TorchCurve | string> {
  const folder = mkdtempSync(join(tmpdir(), "vivian-curve-"));
  try {
    writeStudy(folder, study, seed);
    let found: TorchCurve | string = "no Python 3";
    for (const python of PYTHONS) {
      found = await runPython(python, folder);
      if (typeof found !== "string") break;
    }
    return found;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
