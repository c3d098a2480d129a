/**
 * Decides how native/conformance/run-cases is built with any compiler, for any processor: each
 * kernel source once a level with the addon's own flags (binding.gyp), kept in the build folder
 * until a source, a flag or the compiler changes.
 */
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Compilations at once. */
const JOBS = 2;

/** Sources of a session without Node and without the levels' kernels. */
const SESSION_SOURCES = ["attention-plan", "bound-plan", "depthwise-plan", "memory-plan"]
  .concat(["program", "row-chain"])
  .concat(["sequence-shape-rules", "session", "shape-rules", "simd-levels", "step-layout"])
  .concat(["step-plan", "thread-pool"])
  .map((name) => `native/cpu/${name}.cc`);

const RUNNER_SOURCES = ["native/conformance/case-file.cc", "native/conformance/run-cases.cc"];

/** The variables of binding.gyp: JSON but for comments and commas at the end of lists. */
function gypVariables(): Readonly<Record<string, readonly string[]>> {
  const text = readFileSync(join(root, "binding.gyp"), "utf8");
  const plain = text.replaceAll(/^\s*#.*$/gm, "").replaceAll(/,(\s*[\]}])/g, "$1");
  const { variables } = JSON.parse(plain) as { variables: Record<string, string[]> };
  return variables;
}

/** What is built. */
export interface RunnerPlan {
  /** Folder below build/conformance/. */
  readonly name: string;
  readonly compiler: string;
  /** Numbers of native/cpu/platform.h, the names of their flags in binding.gyp, and more flags. */
  readonly levels: readonly {
    readonly level: number;
    readonly flags?: string;
    readonly more?: readonly string[];
  }[];
}

/** Whether a program can be started here. */
export function isInstalled(program: string): boolean {
  return spawnSync(program, ["--version"], { stdio: "ignore" }).status === 0;
}

interface Compilation {
  readonly source: string;
  readonly object: string;
  readonly flags: readonly string[];
}

function compilations({ levels }: RunnerPlan, folder: string): readonly Compilation[] {
  const variables = gypVariables();
  const exact = variables["exact_flags"];
  const kernels = levels.flatMap(({ level, flags, more = [] }) =>
    variables["kernel_sources"].map((source) => {
      const object = join(folder, `${level}-${basename(source)}.o`);
      const own = flags === undefined ? [] : variables[flags];
      return { source, object, flags: [...exact, ...own, ...more, `-DVIVIAN_LEVEL=${level}`] };
    }),
  );
  const others = [...SESSION_SOURCES, ...RUNNER_SOURCES].map((source) => {
    return { source, object: join(folder, `${basename(source)}.o`), flags: exact };
  });
  return [...kernels, ...others];
}

/** A hash of everything that the program depends on. */
function stampOf(plan: RunnerPlan, all: readonly Compilation[]): string {
  const hash = createHash("sha256").update(JSON.stringify([plan, all.map(({ flags }) => flags)]));
  hash.update(spawnSync(plan.compiler, ["--version"], { encoding: "utf8" }).stdout);
  for (const folder of ["native/cpu", "native/conformance"]) {
    for (const name of readdirSync(join(root, folder)).sort((a, b) => (a < b ? -1 : 1))) {
      hash.update(name).update(readFileSync(join(root, folder, name)));
    }
  }
  return hash.digest("hex");
}

function compile(compiler: string, words: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(compiler, words, { cwd: root, stdio: ["ignore", "inherit", "pipe"] });
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
    child.once("error", reject);
    child.once("close", (code) => {
      if (code === 0) resolve();
      else reject(new Error(`${compiler} ${words.join(" ")}\n${said}`));
    });
  });
}

/** Builds the program where it is not fresh. @returns its path */
export async function buildRunner(plan: RunnerPlan): Promise<string> {
  const folder = join(root, "build", "conformance", plan.name);
  const program = join(folder, "run-cases");
  const all = compilations(plan, folder);
  const stamp = stampOf(plan, all);
  const stampFile = join(folder, "stamp");
  if (existsSync(stampFile) && readFileSync(stampFile, "utf8") === stamp) return program;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const left = [...all];
  const work = async (): Promise<void> => {
    for (let next = left.pop(); next !== undefined; next = left.pop()) {
      await compile(plan.compiler, [...next.flags, "-c", next.source, "-o", next.object]);
    }
  };
  await Promise.all(Array.from({ length: JOBS }, work));
  const objects = all.map(({ object }) => object);
  await compile(plan.compiler, ["-static", ...objects, "-o", program, "-lpthread"]);
  writeFileSync(stampFile, stamp);
  return program;
}

/** What the program said and how it ended. */
export interface RunnerAnswer {
  readonly code: number | null;
  readonly lines: readonly string[];
}

/** Runs the program, or `emulator` on it. */
export function runCases(command: readonly string[], words: readonly string[]): RunnerAnswer {
  const [program, ...first] = command;
  const { status, stdout, stderr } = spawnSync(program, [...first, ...words], { encoding: "utf8" });
  return { code: status, lines: `${stdout}${stderr}`.trim().split("\n") };
}
