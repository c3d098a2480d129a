/**
 * Decides what `vivian bench` measures: every way of computing that is found here, one after the
 * other, each in a process of its own. A device that is not exact earns nothing, so its speed is
 * not told; float engines are told apart, as what exactness is compared with.
 */

import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";

import { loadAddon } from "../../adapters/native-engine/addon.ts";
import { isCounter, openPackageCounter } from "../../adapters/meters/index.ts";
import { Fault } from "../../contract/outcome.ts";
import type { DeviceRates } from "../../miner/index.ts";
import { readBenchAnswer } from "../bench/bench-answers.ts";
import type { BenchAnswer, BenchMeter } from "../bench/bench-answers.ts";
import type { BenchChoice, BenchWish } from "../bench/bench-source.ts";
import { BENCH_ENGINES } from "../bench/known-sources.ts";

/** One way of computing on a device. */
export interface DeviceBench {
  readonly device: string;
  readonly name: string;
  readonly engine: string;
  readonly variant: string;
  /** Ops whose bytes are not the reference's; none where it is exact. */
  readonly wrongOps: readonly string[];
  /** Null where it is not exact. */
  readonly rates: DeviceRates | null;
  /** What counted its energy; null where nothing did. */
  readonly meter: BenchMeter | null;
}

/** A way of computing that cannot be used here. */
export interface AbsentEngine {
  readonly engine: string;
  readonly code: string;
  readonly reason: string;
}

/** What was measured of the machine. */
export interface MachineBench {
  readonly devices: readonly DeviceBench[];
  /** Engines that compute in f32: for comparison, and never for a proof. */
  readonly float: readonly DeviceBench[];
  readonly absent: readonly AbsentEngine[];
  /** What counts the energy of devices that are processors. */
  readonly meter: { readonly name: string; readonly tier: string } | null;
  /** Why nothing is metered; null where something is. */
  readonly notMetered: string | null;
  /** Bytes a second of one thread; null without the native engine. */
  readonly memoryBytesPerSecond: number | null;
}

const CHILD = fileURLToPath(new URL("../bench-child.ts", import.meta.url));

/** A process that takes longer has hung; the slowest measured so far took a quarter of this. */
const CHILD_MS_MAX = 180_000;

/** What a measurement is made with. */
export interface BenchNeeds {
  /** All that are known where absent. */
  readonly engines?: readonly string[];
  /** Asks a process; another one in tests. */
  readonly ask?: (engine: string, what: string, about: object) => Promise<BenchAnswer>;
  /** Told before each measurement. */
  readonly onMeasure?: (words: string) => void;
}

/** Measures the machine. */
export async function benchDevices(wish: BenchWish, needs: BenchNeeds = {}): Promise<MachineBench> {
  const ask = needs.ask ?? askChild;
  const devices: DeviceBench[] = [];
  const float: DeviceBench[] = [];
  const absent: AbsentEngine[] = [];
  for (const engine of needs.engines ?? BENCH_ENGINES) {
    const found = await ask(engine, "choices", wish);
    if (found.kind !== "choices") {
      absent.push(absentEngine(engine, found));
      continue;
    }
    for (const choice of found.choices) {
      needs.onMeasure?.(`${engine}, ${choiceWords(choice)}`);
      const measured = await ask(engine, "measure", choice);
      if (measured.kind !== "measured") {
        absent.push(absentEngine(engine, measured));
        continue;
      }
      const { device, name } = choice;
      const { variant, wrongOps, rates, meter } = measured;
      const one = { device, name, engine, variant, wrongOps, rates, meter };
      (found.isExact ? devices : float).push(one);
    }
  }
  const counter = openPackageCounter();
  const isMetered = isCounter(counter);
  return {
    devices,
    float,
    absent,
    meter: isMetered ? { name: counter.name, tier: counter.tier } : null,
    notMetered: isMetered ? null : counter.why,
    memoryBytesPerSecond: memoryRate(),
  };
}

function choiceWords({ device, name, variant, threads }: BenchChoice): string {
  if (variant === null || !device.startsWith("cpu")) return name;
  return `${variant}, ${threads} ${threads === 1 ? "thread" : "threads"}`;
}

function absentEngine(engine: string, said: BenchAnswer): AbsentEngine {
  if (said.kind === "absent") return { engine, code: said.code, reason: said.reason };
  return { engine, code: "PROCESSES_BENCH", reason: "its process answered something else" };
}

/** Asks a process of its own, which may crash with its driver. */
function askChild(engine: string, what: string, about: object): Promise<BenchAnswer> {
  return new Promise((resolve) => {
    const child = fork(CHILD, [engine, what, JSON.stringify(about)], {
      execArgv: [],
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    let words = "";
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      words = (words + text).slice(-300);
    });
    let ended = false;
    const settle = (answer: BenchAnswer): void => {
      if (!ended) resolve(answer);
      ended = true;
      clearTimeout(timer);
    };
    const fail = (reason: string): void =>
      settle({ kind: "absent", code: "PROCESSES_BENCH", reason });
    const timer = setTimeout(() => {
      child.kill("SIGKILL");
      fail("it did not end in time");
    }, CHILD_MS_MAX);
    child.once("message", (message) => {
      const answer = readBenchAnswer(message);
      if (answer === undefined) fail("its process said something unreadable");
      else settle(answer);
    });
    child.once("error", (error) => fail(error.message));
    child.once("close", (code, signal) => {
      const last = words.trim().split("\n").at(-1) ?? "";
      fail(
        last === "" ? `its process ended with ${signal ?? `exit code ${code ?? "unknown"}`}` : last,
      );
    });
  });
}

function memoryRate(): number | null {
  if (process.env["VIVIAN_ADDON"] === "absent") return null;
  try {
    const addon = loadAddon();
    return addon.measureBandwidth(addon.simdLevels().at(-1) ?? "scalar");
  } catch (error) {
    if (error instanceof Fault) return null;
    throw error;
  }
}
