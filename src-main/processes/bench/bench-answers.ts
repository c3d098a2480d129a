/**
 * Decides what the processes of `vivian bench` say, and that it is read with care: a process that
 * measures may be half broken by its driver.
 */

import type { DeviceRates } from "../../miner/index.ts";
import type { BenchChoice } from "./bench-source.ts";

/** What counted the energy of a device. */
export interface BenchMeter {
  readonly name: string;
  readonly tier: string;
}

/** What a process answers, once. */
export type BenchAnswer =
  | {
      readonly kind: "choices";
      readonly choices: readonly BenchChoice[];
      readonly isExact: boolean;
    }
  | {
      readonly kind: "measured";
      readonly variant: string;
      readonly wrongOps: readonly string[];
      /** Null where it is not exact and should be. */
      readonly rates: DeviceRates | null;
      /** What counted its energy; null where nothing did. */
      readonly meter: BenchMeter | null;
    }
  | { readonly kind: "absent"; readonly code: string; readonly reason: string };

/** Choices that one way of computing may have: more than any machine has devices. */
const CHOICES_MAX = 64;

/** Characters of a text in an answer. */
const TEXT_MAX = 1_000;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string =>
  typeof value === "string" && value.length <= TEXT_MAX;
const isRate = (value: unknown): boolean => Number.isFinite(value) && Number(value) > 0;

function isListOf(value: unknown, rule: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.length <= CHOICES_MAX && value.every(rule);
}

/** Whether a value is a choice. */
export function isChoice(value: unknown): value is BenchChoice {
  if (!isRecord(value)) return false;
  const { device, name, variant, threads, isSlow } = value;
  const texts = isText(device) && isText(name) && (variant === null || isText(variant));
  return texts && Number.isSafeInteger(threads) && typeof isSlow === "boolean";
}

function isMeter(value: unknown): boolean {
  return isRecord(value) && isText(value["name"]) && isText(value["tier"]);
}

function areRates(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const products = isListOf(
    value["products"],
    (one) => isRecord(one) && isText(one["profile"]) && isRate(one["size"]) && isRate(one["gops"]),
  );
  const steps = isListOf(value["steps"], (one) => {
    if (!isRecord(one) || !isText(one["step"]) || !isRate(one["batchSize"])) return false;
    const { joulesPerStep, stepBytes } = one;
    const metered = joulesPerStep === null || Number.isFinite(joulesPerStep);
    const planned = stepBytes === null || Number.isSafeInteger(stepBytes);
    return metered && planned && isRate(one["stepsPerSecond"]);
  });
  return products && steps;
}

/** The answer in a message; `undefined` where it is none. */
export function readBenchAnswer(message: unknown): BenchAnswer | undefined {
  if (!isRecord(message)) return undefined;
  const { kind, choices, isExact, variant, wrongOps, rates, meter, code, reason } = message;
  const isWhole =
    (kind === "choices" && isListOf(choices, isChoice) && typeof isExact === "boolean") ||
    (kind === "absent" && isText(code) && isText(reason)) ||
    (kind === "measured" &&
      isText(variant) &&
      (meter === null || isMeter(meter)) &&
      isListOf(wrongOps, isText) &&
      (rates === null || areRates(rates)));
  return isWhole ? (message as unknown as BenchAnswer) : undefined;
}
