/** Decides what of the helper's lines is believed: each is checked before it is used. */

import { isCase } from "./exact-product.ts";
import type { ProductCase } from "./exact-product.ts";

/** A plugin that answered. */
export interface PjrtPlugin {
  /** "0.90": the version of the interface it speaks. */
  readonly api: string;
  /** "tpu", "cuda", "cpu". */
  readonly platform: string;
  readonly version: string;
}

/** A device that it lists for this process. */
export interface PjrtDevice {
  readonly id: number;
  readonly name: string;
  /** Memory it lets programs have; null where it does not say. */
  readonly memoryBytes: number | null;
}

/** One exact product as the device gave it. */
export interface PjrtProduct extends ProductCase {
  /** Whether the helper's own loop gave the same numbers. */
  readonly equal: boolean;
  readonly digest: number;
  readonly compileMs: number;
  readonly runMs: number;
}

/** A line of the helper. */
export type PjrtAnswer =
  | ({ readonly kind: "plugin" } & PjrtPlugin)
  | ({ readonly kind: "device" } & PjrtDevice)
  | ({ readonly kind: "product" } & PjrtProduct)
  | { readonly kind: "failed"; readonly stage: string; readonly message: string }
  | { readonly kind: "end" };

/** A line's meaning; null for what is no answer. */
export function readAnswer(line: string): PjrtAnswer | null {
  let said: unknown;
  try {
    said = JSON.parse(line);
  } catch {
    return null;
  }
  if (typeof said !== "object" || said === null) return null;
  const fields = said as Partial<Record<string, unknown>>;
  const text = (name: string) => (typeof fields[name] === "string" ? fields[name] : null);
  const number = (name: string) => (Number.isFinite(fields[name]) ? (fields[name] as number) : -1);
  const kind = text("kind");
  if (kind === "end") return { kind };
  if (kind === "failed") {
    return { kind, stage: text("stage") ?? "", message: text("message") ?? "" };
  }
  if (kind === "plugin") {
    const api = `${number("major")}.${number("minor")}`;
    return { kind, api, platform: text("platform") ?? "", version: text("version") ?? "" };
  }
  if (kind === "device") {
    const memory = number("memoryBytes");
    const memoryBytes = Number.isSafeInteger(memory) && memory > 0 ? memory : null;
    return { kind, id: number("id"), name: text("name") ?? "unnamed device", memoryBytes };
  }
  if (kind !== "product") return null;
  const [rows, depth, columns] = [number("rows"), number("depth"), number("columns")];
  const shape = { rows, depth, columns, seed: number("seed") };
  if (!isCase(shape)) return null;
  const times = { compileMs: number("compileMs"), runMs: number("runMs") };
  const result = { equal: fields["equal"] === true, digest: number("digest") };
  return { kind, ...shape, ...result, ...times };
}
