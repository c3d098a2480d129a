/**
 * Decides what is known of the graphics devices of this machine: each adapter is opened, raced and
 * checked in a process of its own, so that a driver's crash is an answer like any other.
 */

import { fileURLToPath } from "node:url";

import type { GraphicsEngine } from "../../adapters/machine/index.ts";
import { readBeside } from "../measured-beside.ts";
import type { MeasuredBeside } from "../measured-beside.ts";
import { notExact } from "../prove-exact.ts";
import { askProbe } from "./ask-probe.ts";
import { besideWords } from "./probe-cuda.ts";
import type { BesideWish } from "./probe-cuda.ts";

const PROBE = fileURLToPath(new URL("../probe-graphics.ts", import.meta.url));

/** An adapter as it is named, before anything is known of it. */
type NamedAdapter = Pick<GraphicsEngine, "name" | "vendor" | "isSoftware">;

function isAdapter(value: unknown): value is NamedAdapter {
  if (typeof value !== "object" || value === null) return false;
  const { name, vendor, isSoftware } = value as Partial<Record<string, unknown>>;
  return typeof name === "string" && typeof vendor === "string" && typeof isSoftware === "boolean";
}

/** Names of the adapters here; none where there is no driver, or it fails. */
async function namedAdapters(signal?: AbortSignal): Promise<readonly NamedAdapter[]> {
  const answer = await askProbe(PROBE, [], signal);
  if ("failed" in answer) return [];
  const { adapters } = (answer.message ?? {}) as Partial<Record<string, unknown>>;
  return Array.isArray(adapters) ? adapters.filter(isAdapter) : [];
}

/** What a probe's message says of an adapter. */
export function readChecked(adapter: NamedAdapter, message: unknown): GraphicsEngine {
  const unusable = (reason: string): GraphicsEngine => {
    return { ...adapter, variant: "", exact: false, reason };
  };
  if (typeof message !== "object" || message === null) return unusable("unreadable");
  const { kind, variant, wrong, reason } = message as Partial<Record<string, unknown>>;
  if (kind === "failed" && typeof reason === "string") return unusable(reason);
  if (kind !== "checked" || typeof variant !== "string" || !Array.isArray(wrong)) {
    return unusable("unreadable");
  }
  if (wrong.length > 0) return { ...adapter, variant, exact: false, reason: notExact(wrong) };
  return { ...adapter, variant, exact: true, reason: null };
}

/** How an adapter is looked at; it is not measured without threads. */
export interface GraphicsWish extends Partial<BesideWish> {
  /** Ends the probes at once. */
  readonly signal?: AbortSignal;
}

/** An adapter as it was found. */
export interface ProbedGraphics {
  readonly graphics: GraphicsEngine;
  /** It and the processor; null where it was not measured. */
  readonly measured: MeasuredBeside | null;
}

async function checked(adapter: NamedAdapter, wish: GraphicsWish): Promise<ProbedGraphics> {
  const answer = await askProbe(PROBE, [adapter.name, ...besideWords(wish)], wish.signal);
  if ("failed" in answer) {
    const graphics = { ...adapter, variant: "", exact: false, reason: answer.failed };
    return { graphics, measured: null };
  }
  const message = (answer.message ?? {}) as Partial<Record<string, unknown>>;
  return {
    graphics: readChecked(adapter, answer.message),
    measured: readBeside(message["measured"]),
  };
}

/**
 * The first GPU that is no processor, or the adapter of that name, measured beside the processor.
 * @param wanted  a name; "" any
 * @returns undefined where there is none
 */
export async function probeFastGraphics(
  wanted: string,
  wish: BesideWish & GraphicsWish,
): Promise<ProbedGraphics | undefined> {
  const adapters = await namedAdapters(wish.signal);
  const adapter = adapters.find(({ name, isSoftware }) =>
    wanted === "" ? !isSoftware : name === wanted,
  );
  return adapter === undefined ? undefined : checked(adapter, wish);
}

/**
 * The graphics devices of this machine, one after the other.
 * @param wanted  the name of the only one that is looked at; all where absent, "" the first
 */
export async function probeGraphics(
  wanted?: string,
  wish: GraphicsWish = {},
): Promise<readonly GraphicsEngine[]> {
  const adapters = await namedAdapters(wish.signal);
  const looked =
    wanted === ""
      ? adapters.slice(0, 1)
      : adapters.filter(({ name }) => wanted === undefined || name === wanted);
  const found: GraphicsEngine[] = [];
  for (const adapter of looked) found.push((await checked(adapter, wish)).graphics);
  return found;
}
