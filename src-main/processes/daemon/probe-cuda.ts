/**
 * Decides what is known of a CUDA device: it is opened, checked and, where asked, measured beside
 * the processor, in a process of its own.
 */

import { fileURLToPath } from "node:url";

import type { GraphicsEngine } from "../../adapters/machine/index.ts";
import { readBeside } from "../measured-beside.ts";
import type { MeasuredBeside } from "../measured-beside.ts";
import { notExact } from "../prove-exact.ts";
import { askProbe } from "./ask-probe.ts";

const PROBE = fileURLToPath(new URL("../probe-cuda.ts", import.meta.url));

/** A CUDA device as it was found. */
export interface ProbedCuda {
  readonly graphics: GraphicsEngine;
  /** It and the processor; null where it was not measured. */
  readonly measured: MeasuredBeside | null;
}

/** What a probe's message says; undefined where there is no such device. */
export function readCuda(wanted: string, message: unknown): ProbedCuda | undefined {
  const about = { engine: "cuda", vendor: "nvidia", isSoftware: false } as const;
  const unusable = (reason: string): ProbedCuda => {
    const name = wanted === "" ? "CUDA device" : wanted;
    return { graphics: { ...about, name, variant: "", exact: false, reason }, measured: null };
  };
  if (typeof message !== "object" || message === null) return unusable("unreadable");
  const { kind, reason, name, variant, wrong, measured, uuid, bus } = message as Record<
    string,
    unknown
  >;
  if (kind === "absent") return undefined;
  if (kind === "failed" && typeof reason === "string") return unusable(reason);
  const isWhole = typeof name === "string" && typeof variant === "string" && Array.isArray(wrong);
  if (kind !== "checked" || !isWhole) return unusable("unreadable");
  const own = typeof uuid === "string" && typeof bus === "string" ? { uuid, bus } : {};
  if (wrong.length > 0) {
    const words = { exact: false, reason: notExact(wrong as string[]) };
    return { graphics: { ...about, ...own, name, variant, ...words }, measured: null };
  }
  return {
    graphics: { ...about, ...own, name, variant, exact: true, reason: null },
    measured: readBeside(measured),
  };
}

/** What is measured of a device, and where that is remembered. */
export interface BesideWish {
  /** Of the processor that it is measured beside. */
  readonly threads: number;
  /** Whether energy is measured as well as speed. */
  readonly metered: boolean;
  /** Nowhere where absent. */
  readonly checksFile?: string;
}

/**
 * The CUDA device of a name, UUID or place, or the first where it is ""; undefined where there is
 * none.
 * @param wish  null: it is not measured
 */
export async function probeCuda(
  wanted: string,
  wish: BesideWish | null,
  signal?: AbortSignal,
): Promise<ProbedCuda | undefined> {
  const answer = await askProbe(PROBE, [wanted, ...besideWords(wish)], signal);
  return readCuda(
    wanted,
    "failed" in answer ? { ...answer, kind: "failed", reason: answer.failed } : answer.message,
  );
}

/** A wish as a probe's arguments: threads, file, what counts. */
export function besideWords(wish: Partial<BesideWish> | null): readonly string[] {
  const { threads, checksFile = "", metered = false } = wish ?? {};
  return [threads === undefined ? "" : String(threads), checksFile, metered ? "joules" : "speed"];
}
