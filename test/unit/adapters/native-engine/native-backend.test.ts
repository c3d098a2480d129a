import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import {
  createNativeBackend,
  nativeBackends,
} from "../../../../src-main/adapters/native-engine/native-backend.ts";
import { checkCase } from "../../../../src-main/adapters/native-engine/check-cases.ts";
import { Fault } from "../../../../src-main/contract/outcome.ts";
import { cCompiler } from "../../../worlds/fake-cuda.ts";
import { withFewThreads } from "../../../worlds/few-threads.ts";

const probe = nativeBackends();

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof Fault) return error.code;
    throw error;
  }
  return "none";
}

const rejectionOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => "none",
    (error: unknown) => (error instanceof Fault ? error.code : error),
  );

describe("native-backend", () => {
  it("says what is missing where the addon is not built", () => {
    if (!probe.available) expect(probe.fault.code).toMatch(/^NATIVE_ENGINE_/u);
    else expect(probe.levels[0]).toBe("scalar");
  });
});

describe.skipIf(!probe.available)("native-backend with the addon", () => {
  it("names its level and threads", () => {
    const backend = createNativeBackend({ simd: "scalar", threads: 1 });
    expect([backend.name, backend.variant]).toEqual(["native-cpu", "scalar, 1 thread"]);
    expect(createNativeBackend({ threads: 2 }).variant).toMatch(/^\w+, 2 threads$/u);
  });

  it("refuses a level this machine does not have and thread counts out of range", () => {
    expect(codeOf(() => createNativeBackend({ simd: "mmx", threads: 1 }))).toBe(
      "NATIVE_ENGINE_LEVEL",
    );
    for (const threads of [0, 1.5, 257, NaN]) {
      expect(codeOf(() => createNativeBackend({ threads }))).toBe("NATIVE_ENGINE_OPTION");
    }
  });

  it("refuses program bytes with the engine's code", async () => {
    const backend = createNativeBackend({ simd: "scalar", threads: 1 });
    expect(await rejectionOf(backend.open(new Uint8Array(3)))).toMatch(/^CODEC_/u);
  });

  it("copies a state into memory it is given, of its own size only", async () => {
    const backend = createNativeBackend({ simd: "scalar", threads: 1 });
    const { programBytes, states } = checkCase("add", 3, 4);
    const session = await backend.open(programBytes);
    await session.upload(0, states[0]);
    const into = new Float32Array(states[0].length);
    expect(await session.download(0, into)).toBe(into);
    expect(into).toEqual(states[0]);
    const short = new Float32Array(into.length - 1);
    expect(await rejectionOf(session.download(0, short))).toBe("ENGINE_SHAPE");
    session.close();
  });

  it.skipIf(cCompiler === undefined)("refuses more threads than the system starts", () => {
    const [backend, cases] = ["native-backend", "check-cases"].map((name) => {
      return new URL(`../../../../src-main/adapters/native-engine/${name}.ts`, import.meta.url)
        .href;
    });
    const script = `
      import { createNativeBackend } from ${JSON.stringify(backend)};
      import { checkCase } from ${JSON.stringify(cases)};
      const { programBytes } = checkCase("add", 3, 4);
      for (const threads of [8, 1]) {
        const opened = createNativeBackend({ threads }).open(programBytes);
        console.log(await opened.then(() => "opened", ({ code }) => code));
      }`;
    const said = withFewThreads(cCompiler ?? "cc", 3, (env) =>
      execFileSync(process.execPath, ["--input-type=module", "-e", script], {
        env,
        encoding: "utf8",
        timeout: 60_000,
      }),
    );
    expect(said.trim().split("\n")).toEqual(["ENGINE_LIMIT", "opened"]);
  });

  it("refuses a program above the session's memory", async () => {
    const backend = createNativeBackend({ simd: "scalar", threads: 1, memoryBytesMax: 1_000 });
    const { programBytes } = checkCase("add", 3, 4_096);
    expect(await rejectionOf(backend.open(programBytes))).toBe("ENGINE_LIMIT");
  });

  it("refuses states and batches of another size and numbers that are not canonical", async () => {
    const check = checkCase("relu", 5, 50);
    const session = await createNativeBackend({ threads: 1 }).open(check.programBytes);
    const count = check.states[0].length;
    const codes = [
      await rejectionOf(session.upload(0, new Float32Array(count + 1))),
      await rejectionOf(session.upload(7, new Float32Array(count))),
      await rejectionOf(session.upload(0, new Float32Array(count).fill(NaN))),
      await rejectionOf(session.value(0)),
      await rejectionOf(session.run(1, new Uint8Array(3))),
      await rejectionOf(session.run(0, new Uint8Array(2))),
    ];
    session.close();
    expect(codes).toEqual([
      "ENGINE_SHAPE",
      "ENGINE_REFERENCE",
      "ENGINE_NUMBER",
      "ENGINE_REFERENCE",
      "ENGINE_SHAPE",
      "ENGINE_PROGRAM",
    ]);
  });

  it("tells the time of each op of a profiled run", async () => {
    const check = checkCase("add", 5, 50);
    const session = await createNativeBackend({ threads: 1 }).open(check.programBytes);
    const times = session.profiledRun(1, check.batch);
    session.close();
    expect(times.map(({ op }) => op)).toEqual(["load", "add"]);
  });
});
