/**
 * Decides what is known of a CUDA device: it is opened, checked and, where asked, measured beside
 * the processor, in a process of its own.
 */

import { fileURLToPath } from "node:url";

import type { GraphicsEngine } from "../../adapters/machine/index.ts";
import { notExact } from "../prove-exact.ts";
import { askProbe } from "./ask-probe.ts";

const PROBE = fileURLToPath(new URL("../probe-cuda.ts", import.meta.url));

/** A CUDA device as it was found. */
export interface ProbedCuda {
  readonly graphics: GraphicsEngine;
  /** How many times as fast as the processor, at the least; null where it was not measured. */
  readonly speedup: number | null;
}

/** What a probe's message says; undefined where there is no such device. */
export function readCuda(wanted: string, message: unknown): ProbedCuda | undefined {
  const about = { engine: "cuda", vendor: "nvidia", isSoftware: false } as const;
  const unusable = (reason: string): ProbedCuda => {
    const name = wanted === "" ? "CUDA device" : wanted;
    return { graphics: { ...about, name, variant: "", exact: false, reason }, speedup: null };
  };
  if (typeof message !== "object" || message === null) return unusable("unreadable");
  const { kind, reason, name, variant, wrong, speedup } = message as Record<string, unknown>;
  if (kind === "absent") return undefined;
  if (kind === "failed" && typeof reason === "string") return unusable(reason);
  const isWhole = typeof name === "string" && typeof variant === "string" && Array.isArray(wrong);
  if (kind !== "checked" || !isWhole) return unusable("unreadable");
  if (wrong.length > 0) {
    const words = { exact: false, reason: notExact(wrong as string[]) };
    return { graphics: { ...about, name, variant, ...words }, speedup: null };
  }
  const known = typeof speedup === "number" && Number.isFinite(speedup) ? speedup : null;
  return { graphics: { ...about, name, variant, exact: true, reason: null }, speedup: known };
}

/**
 * The CUDA device of a name, or the first where it is ""; undefined where there is none.
 * @param threads  of the processor that it is measured beside; null: it is not measured
 */
export async function probeCuda(
  wanted: string,
  threads: number | null,
  signal?: AbortSignal,
): Promise<ProbedCuda | undefined> {
  const parameters = [wanted, threads === null ? "" : String(threads)];
  const answer = await askProbe(PROBE, parameters, signal);
  return readCuda(
    wanted,
    "failed" in answer ? { ...answer, kind: "failed", reason: answer.failed } : answer.message,
  );
}
