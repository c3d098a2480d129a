/** Measures how far the profiles' products are from the true ones, beside plain f32. */

import type { FloatBackend } from "../../../src-main/adapters/float-engine/index.ts";
import { encodeProgram } from "../../../src-main/engine/index.ts";
import { OP_BATCH, opProgram } from "../../../src-main/miner/calibration/op-program.ts";
import type { EngineBackend } from "../../../src-main/ports/engine-backend.ts";
import { benchLine } from "../bench-line.ts";
import { bySize, mustHold } from "../bench-kit.ts";
import type { BenchKit } from "../bench-kit.ts";
import { DISTRIBUTIONS, errorOf, operandsOf } from "./operands.ts";
import type { Operands, ProductError } from "./operands.ts";
import { markdownTable } from "./tables.ts";

/** Attributes of the op `matmul`, by profile. */
const PROFILES = { I14: 0, I14K: 1, I8: 2 } as const;

const SEED = 1;

/** The product as an engine makes it. */
export async function productOn(
  backend: EngineBackend,
  { a, b, rows, depth, columns }: Operands,
  profile: number,
): Promise<Float32Array> {
  const question = {
    op: "matmul",
    inputs: [
      [rows, depth],
      [depth, columns],
    ],
    attributes: [profile],
    shape: [rows, columns],
  };
  const session = await backend.open(encodeProgram(opProgram(question)));
  try {
    await session.upload(0, a);
    await session.upload(1, b);
    await session.run(1, OP_BATCH);
    return await session.output(0);
  } finally {
    session.close();
  }
}

/** Prints a line for each profile and distribution; the table goes to the notes. */
export async function measureProducts(
  kit: BenchKit,
  exact: EngineBackend,
  float: FloatBackend,
): Promise<void> {
  const [rows, depth, columns] = bySize(kit, [256, 1024, 256], [64, 256, 64], [8, 64, 8]);
  const table: string[][] = [];
  for (const distribution of DISTRIBUTIONS) {
    const operands = operandsOf(distribution, [rows, depth, columns], SEED);
    const inFloat = errorOf(operands, await productOn(float, operands, 0));
    mustHold(inFloat.relative < 1e-4, `f32 product of ${distribution} operands`);
    const errors: ProductError[] = [];
    for (const [profile, attribute] of Object.entries(PROFILES)) {
      const error = errorOf(operands, await productOn(exact, operands, attribute));
      mustHold(error.relative < 0.5, `${profile} product of ${distribution} operands`);
      errors.push(error);
      const name = `accuracy.product/profile=${profile} operands=${distribution} k=${depth}`;
      const against = { peer: "f32", peerValue: inFloat.relative };
      kit.print(benchLine(name, error.relative, "relative error", against));
    }
    const cells = [inFloat, ...errors].map((error) => error.relative.toExponential(1));
    table.push([distribution, ...cells]);
  }
  kit.note(`‖C − C*‖ / ‖C*‖, A [${rows}, ${depth}], B [${depth}, ${columns}], seed ${SEED}`);
  kit.note(markdownTable(["operands", "f32", ...Object.keys(PROFILES)], table));
}
