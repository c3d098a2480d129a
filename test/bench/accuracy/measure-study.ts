/**
 * Measures one study: f32, I14 and I8 from the same weights on the same batches, seed by seed; a
 * line for each training, then the tables that NUMERICS.md shows.
 */

import type { FloatBackend } from "../../../src-main/adapters/float-engine/index.ts";
import type { EngineBackend } from "../../../src-main/ports/engine-backend.ts";
import { benchLine } from "../bench-line.ts";
import { mustHold } from "../bench-kit.ts";
import type { BenchKit } from "../bench-kit.ts";
import { meanLoss, trainCurve } from "./curves.ts";
import type { Curve } from "./curves.ts";
import { SEEDS } from "./studies.ts";
import type { Study } from "./studies.ts";
import { markdownTable, mean } from "./tables.ts";
import { torchCurve } from "./torch-curve.ts";

/** An arithmetic to train in. */
type Arithmetic = "f32" | "I14" | "I8";

const ARITHMETICS: readonly Arithmetic[] = ["f32", "I14", "I8"];

/** Steps that the mean of a training loss goes over. */
const OVER = 50;

/** What computes: f32, and all that is exact. */
export interface Engines {
  readonly float: FloatBackend;
  readonly exact: EngineBackend;
}

/** Runs a study and prints it. */
export async function measureStudy(kit: BenchKit, study: Study, engines: Engines): Promise<void> {
  const seeds = kit.size === "tiny" ? SEEDS.slice(0, 1) : SEEDS;
  const curves = new Map<Arithmetic, Curve[]>();
  for (const seed of seeds) {
    let float: Curve | undefined;
    for (const arithmetic of ARITHMETICS) {
      const curve = await train(study, arithmetic, engines, seed);
      if (arithmetic === "f32") float = curve;
      curves.set(arithmetic, [...(curves.get(arithmetic) ?? []), curve]);
      printCurve(kit, study, arithmetic, seed, curve, float);
    }
    if (kit.peers && seed === seeds[0] && float !== undefined) {
      await compareWithTorch(kit, study, seed, float);
    }
  }
  noteTables(kit, study, curves, seeds.length);
}

/** Steps over which two f32 programs of one meaning must agree before rounding parts them. */
const EARLY = 20;

/** Sets the float engine beside PyTorch: were its gradients wrong, f32 would be no measure. */
async function compareWithTorch(
  kit: BenchKit,
  study: Study,
  seed: number,
  { losses }: Curve,
): Promise<void> {
  const torch = await torchCurve(study, seed);
  if (typeof torch === "string") {
    kit.note(`no PyTorch here (${torch}); for its curve: apt-get install python3-torch`);
    return;
  }
  const apart = losses.map((loss, at) => Math.abs(loss - torch.losses[at]));
  const early = Math.max(...apart.slice(0, EARLY));
  mustHold(early < 0.001, `${study.name}: f32 is ${early} nats from ${torch.name} at first`);
  const { name, steps } = study;
  const id = `accuracy.train-loss/model=${name} arithmetic=f32 seed=${seed} steps=${steps}`;
  const last = (curve: readonly number[]): number => meanLoss(curve, steps, OVER);
  const against = { peer: torch.name, peerValue: last(torch.losses) };
  kit.print(benchLine(id, last(losses), "nats", against));
  const end = signed(last(losses) - last(torch.losses));
  const most = Math.max(...apart).toFixed(4);
  kit.note(
    `${name}: f32 is ${early.toExponential(1)} nats from ${torch.name} within ${EARLY} steps, ` +
      `${most} in ${steps}; the mean of the last ${OVER} is ${end} from it`,
  );
}

function train(study: Study, arithmetic: Arithmetic, { float, exact }: Engines, seed: number) {
  if (arithmetic === "f32") return trainCurve(float, study, study.model, seed);
  return trainCurve(exact, study, { ...study.model, profile: arithmetic }, seed);
}

function printCurve(
  kit: BenchKit,
  { name, steps }: Study,
  arithmetic: Arithmetic,
  seed: number,
  curve: Curve,
  float: Curve | undefined,
): void {
  const id = `model=${name} arithmetic=${arithmetic} seed=${seed} steps=${steps}`;
  const against = (peerValue: number | undefined) =>
    arithmetic === "f32" || peerValue === undefined ? {} : { peer: "f32", peerValue };
  const last = (losses: readonly number[]): number => meanLoss(losses, steps, OVER);
  const training = against(float === undefined ? undefined : last(float.losses));
  kit.print(benchLine(`accuracy.train-loss/${id}`, last(curve.losses), "nats", training));
  const held = against(float?.holdoutLoss);
  kit.print(benchLine(`accuracy.holdout-loss/${id}`, curve.holdoutLoss, "nats", held));
  kit.note(
    `${id}: ${(100 * curve.holdoutAccuracy).toFixed(2)} % right, ${curve.seconds.toFixed(0)} s`,
  );
}

/** Steps of the table, about evenly spread. */
function shownSteps(steps: number): readonly number[] {
  const shown = [0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1].map((share) => Math.round(share * steps));
  return [...new Set(shown)].filter((step) => step >= 1);
}

function noteTables(
  kit: BenchKit,
  { name, steps }: Study,
  curves: ReadonlyMap<Arithmetic, readonly Curve[]>,
  seeds: number,
): void {
  const all = (arithmetic: Arithmetic) => curves.get(arithmetic) ?? [];
  const lossAt = (arithmetic: Arithmetic, step: number): number =>
    mean(all(arithmetic).map(({ losses }) => meanLoss(losses, step, OVER)));
  const steady = shownSteps(steps).map((step) => [
    String(step),
    ...ARITHMETICS.map((arithmetic) => lossAt(arithmetic, step).toFixed(4)),
    ...(["I14", "I8"] as const).map((one) => signed(lossAt(one, step) - lossAt("f32", step))),
  ]);
  kit.note(`${name}: training loss in nats, mean of ${seeds} seeds and of the last ${OVER} steps`);
  kit.note(markdownTable(["step", ...ARITHMETICS, "I14 − f32", "I8 − f32"], steady));
  const rows = ARITHMETICS.map((arithmetic) => {
    const losses = all(arithmetic).map(({ holdoutLoss }) => holdoutLoss);
    const right = all(arithmetic).map(({ holdoutAccuracy }) => holdoutAccuracy);
    const off = mean(losses) - mean(all("f32").map(({ holdoutLoss }) => holdoutLoss));
    return [
      arithmetic,
      ...losses.map((loss) => loss.toFixed(4)),
      mean(losses).toFixed(4),
      signed(off),
      `${(100 * mean(right)).toFixed(2)} %`,
    ];
  });
  const perSeed = Array.from({ length: seeds }, (_, at) => `seed ${SEEDS[at]}`);
  kit.note(`${name}: hold-out loss in nats after ${steps} steps`);
  kit.note(markdownTable(["", ...perSeed, "mean", "− f32", "right"], rows));
}

function signed(difference: number): string {
  return `${difference < 0 ? "−" : "+"}${Math.abs(difference).toFixed(4)}`;
}
