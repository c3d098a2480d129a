import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { encodeCases, trainingCase } from "../../worlds/case-file.ts";
import { buildRunner, isInstalled, runCases } from "../../worlds/case-runner.ts";
import { CNN, TRANSFORMER } from "../../worlds/conformance-models.ts";
import { nativeVariants } from "./cases.ts";

const COMPILER = "g++";

/** All levels of this processor family, since a session picks among them as it runs. */
const LEVELS = [
  { level: 0 },
  { level: 1, flags: "avx2_flags" },
  { level: 2, flags: "avx512vnni_flags" },
];

/** What the plan may be off by: pages that are touched in part, stacks, the runtime's own. */
const FACTOR = 1.3;

describe("the memory of steps", () => {
  const folder = mkdtempSync(join(tmpdir(), "vivian-steps-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.skipIf(!isInstalled(COMPILER) || process.arch !== "x64")(
    "is taken before the first: no step allocates, on 1 and 3 threads",
    async () => {
      const program = await buildRunner({ name: "x64", compiler: COMPILER, levels: LEVELS });
      const cases = [await trainingCase("a CNN", CNN, 4)];
      cases.push(await trainingCase("a transformer", TRANSFORMER, 4));
      const file = join(folder, "cases");
      writeFileSync(file, encodeCases(cases));
      for (const threads of [1, 3]) {
        // The program counts what is allocated in a step and calls any of it a difference.
        const { code, lines } = runCases([program], [file, String(threads)]);
        expect(lines).toHaveLength(1);
        expect(lines[0]).toMatch(/^2 cases, .*threads: 0 differ$/);
        expect(code).toBe(0);
      }
    },
    600_000,
  );

  it.skipIf(nativeVariants.length === 0 || process.platform !== "linux")(
    `is within ${FACTOR} times what the plan says, and far below one buffer a value`,
    () => {
      const script = fileURLToPath(new URL("../../worlds/measure-step-memory.ts", import.meta.url));
      const said = execFileSync(process.execPath, [script], { encoding: "utf8" });
      const { planned, resident, apart } = JSON.parse(said) as Record<string, number>;
      expect(resident).toBeLessThan(FACTOR * planned);
      expect(resident).toBeGreaterThan(planned / FACTOR);
      expect(planned).toBeLessThan(apart / 2);
    },
    120_000,
  );
});
