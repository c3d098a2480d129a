import { defineConfig } from "vitest/config";

/** One project per kind of test; `npm run test:<kind>` runs one of them. */
const kind = (name: string, testTimeout: number) => ({
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    testTimeout,
    hookTimeout: testTimeout,
    environment: "node",
  },
});

export default defineConfig({
  test: {
    projects: [
      kind("repository", 30_000),
      kind("unit", 20_000),
      kind("vectors", 60_000),
      kind("fuzz", 60_000),
      kind("conformance", 300_000),
      kind("integration", 180_000),
      kind("simulation", 60_000),
      kind("e2e", 400_000),
    ],
  },
});
