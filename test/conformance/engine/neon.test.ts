import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { encodeCases, opCases, trainingCase } from "../../worlds/case-file.ts";
import type { FileCase } from "../../worlds/case-file.ts";
import { buildRunner, isInstalled, runCases } from "../../worlds/case-runner.ts";
import { CNN, DEPTHWISE, TRANSFORMER } from "../../worlds/conformance-models.ts";

const COMPILER = "aarch64-linux-gnu-g++";
const EMULATOR = "qemu-aarch64-static";

const missing = [COMPILER, EMULATOR].filter((program) => !isInstalled(program));
if (missing.length > 0) {
  console.log(`NEON is not compared: no ${missing.join(", no ")} (Debian packages of these names)`);
}

const FULL = process.env["VIVIAN_FULL"] === "1";

/** Building takes half a minute of two processors, and longer where others use them too. */
const BUILD_MS_MAX = 1_200_000;

/** Shapes of one op; the emulator is some ten times slower than the processor it runs on. */
const SMALL = { count: FULL ? 200 : 16, elements: 900 };
const LARGE = { count: FULL ? 4 : 2, elements: 20_000 };

describe.skipIf(missing.length > 0)("the kernels of 64-bit ARM under an emulator", () => {
  const folder = mkdtempSync(join(tmpdir(), "vivian-neon-"));
  const file = join(folder, "cases");
  let cases: readonly FileCase[] = [];
  let command: readonly string[] = [];

  beforeAll(async () => {
    // Scalar kernels serve where NEON's are refused; half of the building time is saved on them.
    const levels = [{ level: 0, more: ["-O1"] }, { level: 3 }];
    const plan = { name: "arm64", compiler: COMPILER, levels };
    command = [EMULATOR, await buildRunner(plan)];
    cases = [
      ...(await opCases(SMALL.count, SMALL.elements, 1)),
      ...(await opCases(LARGE.count, LARGE.elements, 1)),
      await trainingCase("a CNN", CNN, 5),
      await trainingCase("a transformer", TRANSFORMER, 5),
      await trainingCase("depthwise convolutions", DEPTHWISE, 3),
    ];
    writeFileSync(file, encodeCases(cases));
  }, BUILD_MS_MAX);

  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it.each([1, 3])("give the reference's bytes, %i threads, scalar and NEON", (threads) => {
    const said = `${cases.length} cases, scalar and neon, ${threads} threads: 0 differ`;
    expect(runCases(command, [file, String(threads)])).toEqual({ code: 0, lines: [said] });
  });

  it("are found out by one wrong bit of one case", () => {
    const at = cases.findIndex(({ name }) => name === "matmul seed 2");
    const [result] = cases[at].results;
    const values = result.values.slice();
    new Uint32Array(values.buffer)[values.length - 1] ^= 1;
    const wrong = cases.with(at, { ...cases[at], results: [{ ...result, values }] });
    const planted = join(folder, "planted");
    writeFileSync(planted, encodeCases(wrong));
    const { code, lines } = runCases(command, [planted, "1", "neon"]);
    expect(code).toBe(1);
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/^neon: matmul seed 2, op 1: element \d+ of \d+ is /);
    expect(lines[1]).toBe(`${cases.length} cases, neon, 1 threads: 1 differ`);
  });

  it("are not run on a file that breaks off", () => {
    const broken = join(folder, "broken");
    const bytes = encodeCases(cases);
    writeFileSync(broken, bytes.subarray(0, bytes.length - 1));
    expect(runCases(command, [broken, "1"]).code).toBe(2);
  });
});
