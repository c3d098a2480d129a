import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

/** One project per kind of test; `npm run test:<kind>` runs one of them. */
const kind = (name: string, testTimeout: number, setupFiles: readonly string[] = []) => ({
  test: {
    name,
    setupFiles: [...setupFiles],
    include: [`test/${name}/**/*.test.ts`],
    testTimeout,
    hookTimeout: testTimeout,
    environment: "node",
  },
});

/** What measures shares of a core runs after all others, with none beside it. */
const MEASURED = "test/e2e/limits.test.ts";

/** These kinds provoke wrong inputs, and what ran is noted in a report. */
const NOTED = ["test/reports/note-provoked.ts"];

type Kind = ReturnType<typeof kind>;

/** A kind without one of its files. */
const except = ({ test }: Kind, file: string) => ({ test: { ...test, exclude: [file] } });

/** That file alone, once every other test has ended. */
const alone = ({ test }: Kind, file: string) => ({
  test: { ...test, name: `${test.name}-alone`, include: [file], sequence: { groupOrder: 1 } },
});

export default defineConfig({
  test: {
    // The runner would leave a core idle, half of a small machine: many tests wait for processes.
    maxWorkers: availableParallelism(),
    projects: [
      kind("repository", 30_000),
      kind("unit", 20_000),
      kind("vectors", 60_000),
      kind("fuzz", 60_000),
      kind("conformance", 300_000),
      kind("integration", 180_000, NOTED),
      kind("simulation", 60_000),
      except(kind("e2e", 400_000, NOTED), MEASURED),
      alone(kind("e2e", 400_000, NOTED), MEASURED),
    ],
  },
});
