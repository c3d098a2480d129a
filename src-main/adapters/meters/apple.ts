/**
 * Decides how an Apple chip's energy is read: by IOReport, which counts and needs no root, or by
 * `powermetrics`, which samples a second's mean and must be run by root.
 */

import { execFile } from "node:child_process";

import { Fault } from "../../contract/outcome.ts";
import type { Meter } from "../../ports/meter.ts";
import { appleMillijoules, powermetricsWatts } from "./apple-energy.ts";
import type { ApplePart } from "./apple-energy.ts";
import type { DescribedSource, DescriptionFields } from "./description-fields.ts";
import { openAppleSampler } from "./ioreport-calls.ts";
import type { AppleSampler } from "./ioreport-calls.ts";
import type { MeterNeeds } from "./meter-needs.ts";
import { registerMillijoules } from "./millijoules.ts";
import { sourceIdentity } from "./source-identity.ts";

/** An Apple chip. */
export interface AppleDescription extends DescribedSource {
  readonly kind: "ioreport" | "powermetrics";
  readonly parts: readonly ApplePart[];
}

const ALL: readonly ApplePart[] = ["cpu", "gpu", "ane"];

/** Apple calls both figures estimates and states no band. */
const UNCERTAINTY_PERCENT = 15;

const IOREPORT_EVERY_MS = 5_000;
const POWERMETRICS_EVERY_MS = 5_000;
const POWERMETRICS = "/usr/bin/powermetrics";
const POWERMETRICS_WORDS = ["-n", "1", "-i", "1000", "--samplers", "cpu_power,gpu_power"];
const POWERMETRICS_MS_MAX = 8_000;
const POWERMETRICS_BYTES_MAX = 256 * 1024;

/** Reads the keys: part. */
export function checkApple(kind: AppleDescription["kind"]) {
  return (fields: DescriptionFields): AppleDescription => {
    const uncertaintyPercent = UNCERTAINTY_PERCENT;
    const source = fields.source({ role: "load", boundary: "accelerators", uncertaintyPercent });
    const part = fields.choice("part", ["all", "cpu", "gpu", "ane"], "all");
    return { kind, ...source, parts: part === "all" ? ALL : [part] };
  };
}

/** Opens it. Throws Fault METERS_ABSENT where the system or the chip has no such figures. */
export function openApple(description: AppleDescription, needs: MeterNeeds): Meter {
  return description.kind === "ioreport"
    ? openIoReport(description, needs)
    : openPowermetrics(description, needs);
}

function openIoReport(description: AppleDescription, needs: MeterNeeds): Meter {
  const { parts } = description;
  let sampler: AppleSampler;
  try {
    sampler = (needs.appleSampler ?? (() => openAppleSampler()))();
  } catch (error) {
    throw new Fault("METERS_ABSENT", "this system has no figures of IOReport", {}, error);
  }
  const read = (): number => {
    const millijoules = appleMillijoules(sampler.sample(), parts);
    if (millijoules !== null) return registerMillijoules(millijoules);
    throw new Fault("METERS_ABSENT", "the chip tells no energy of that part", {
      parts: parts.join(" "),
    });
  };
  read();
  return {
    identity: sourceIdentity(description, { kind: "ioreport", tier: "C" }),
    readEveryMs: IOREPORT_EVERY_MS,
    read: () =>
      new Promise((resolve, reject) => {
        const atMs = needs.clock.nowMs();
        try {
          const register = { millijoules: read(), wrapsAtMillijoules: null, epoch: null };
          resolve({ atMs, register, watts: null, signature: null });
        } catch (error) {
          if (error instanceof Fault) reject(error);
          else reject(new Fault("METERS_COUNTER", "IOReport gives nothing any more", {}, error));
        }
      }),
    close() {
      sampler.close();
      return Promise.resolve();
    },
  };
}

function openPowermetrics(description: AppleDescription, needs: MeterNeeds): Meter {
  const isThere = (needs.platform ?? process.platform) === "darwin";
  if (!isThere) throw new Fault("METERS_ABSENT", "only macOS has powermetrics", {});
  const run = needs.powermetrics ?? runPowermetrics;
  let running: Promise<string> | null = null;
  return {
    identity: sourceIdentity(description, { kind: "powermetrics", tier: "C" }),
    readEveryMs: POWERMETRICS_EVERY_MS,
    async read() {
      running ??= run().finally(() => {
        running = null;
      });
      const watts = powermetricsWatts(await running, description.parts);
      return { atMs: needs.clock.nowMs(), register: null, watts, signature: null };
    },
    close: () => Promise.resolve(),
  };
}

/** A mean over one second. Throws Fault METERS_PERMISSION, METERS_ABSENT or METERS_TIMEOUT. */
function runPowermetrics(): Promise<string> {
  const options = { timeout: POWERMETRICS_MS_MAX, maxBuffer: POWERMETRICS_BYTES_MAX };
  return new Promise((resolve, reject) => {
    execFile(POWERMETRICS, POWERMETRICS_WORDS, options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(powermetricsFault(error, stderr));
    });
  });
}

/** The fault of a run that failed; "must be invoked as the superuser" is what it says to others. */
export function powermetricsFault(error: unknown, stderr: string): Fault {
  if (/superuser/i.test(stderr)) {
    return new Fault("METERS_PERMISSION", "powermetrics must be run by root", {}, error);
  }
  const { code, killed } = error as { readonly code?: unknown; readonly killed?: unknown };
  if (code === "ENOENT") return new Fault("METERS_ABSENT", "there is no powermetrics", {}, error);
  if (killed === true) return new Fault("METERS_TIMEOUT", "powermetrics did not end", {}, error);
  return new Fault("METERS_COUNTER", "powermetrics failed", {}, error);
}
