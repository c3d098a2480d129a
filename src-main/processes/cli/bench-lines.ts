/**
 * Decides how figures of `vivian bench` are told to people: for each thing measured, the ways of
 * computing it under each other, each with a bar as long as its share of the fastest.
 */

import { formatBytes, formatRate } from "../../contract/units.ts";
import type { DeviceBench, MachineBench } from "./bench-devices.ts";
import { table } from "./table.ts";

/** Characters of the longest bar. */
const BAR_WIDTH = 24;

/** Parts of a character, from an eighth to seven. */
const PARTS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"] as const;

/** A bar for a share from 0 to 1; what is above nothing shows at least an eighth of a character. */
export function bar(share: number, width: number = BAR_WIDTH): string {
  const eighths = Math.round(Math.min(1, Math.max(0, share)) * width * 8);
  const shown = share > 0 ? Math.max(1, eighths) : 0;
  return "█".repeat(Math.floor(shown / 8)) + PARTS[shown % 8];
}

interface Row {
  readonly who: string;
  readonly rate: number;
  /** "1.2 J" where it is metered. */
  readonly energy: string;
  /** "93.0 MiB a step" where the engine plans a step's memory. */
  readonly memory: string;
}

/** A thing that was measured, and by whom. */
interface Section {
  readonly title: string;
  readonly rows: Row[];
}

/** The figures for people. */
export function benchLines(bench: MachineBench): string[] {
  const lines: string[] = [];
  for (const { device, name } of distinctDevices(bench)) lines.push(`${device}  ${name}`);
  for (const section of sections(bench)) lines.push("", section.title, ...sectionLines(section));
  lines.push("");
  for (const device of bench.devices) lines.push(...exactLine(device));
  if (bench.float.length > 0) {
    lines.push("f32 is told for comparison: what it computes differs from machine to machine.");
  }
  for (const { engine, code, reason } of bench.absent)
    lines.push(`No ${engine}: ${reason} (${code})`);
  if (bench.absent.some(({ engine }) => engine === "native-cpu")) {
    lines.push("`vivian doctor` says how to mend the native engine.");
  }
  lines.push(energyLine(bench));
  if (bench.memoryBytesPerSecond !== null) {
    const rate = (bench.memoryBytesPerSecond / 1e9).toFixed(1);
    lines.push(`Memory: ${rate} GB/s, one thread`);
  }
  return lines;
}

function distinctDevices({ devices, float }: MachineBench): readonly DeviceBench[] {
  const seen = new Map<string, DeviceBench>();
  for (const one of [...devices, ...float]) if (!seen.has(one.device)) seen.set(one.device, one);
  return [...seen.values()];
}

function who({ device, engine, variant }: DeviceBench): string {
  return `${device}  ${engine} (${variant})`;
}

function sections({ devices, float }: MachineBench): readonly Section[] {
  const found = new Map<string, Section>();
  const add = (title: string, row: Row): void => {
    const section = found.get(title) ?? { title, rows: [] };
    found.set(title, section);
    section.rows.push(row);
  };
  for (const one of [...devices, ...float]) {
    for (const { step, batchSize, joulesPerStep, ...rest } of one.rates?.steps ?? []) {
      const energy = joulesPerStep === null ? "not metered" : energyWords(joulesPerStep);
      const memory = rest.stepBytes === null ? "" : `${formatBytes(rest.stepBytes)} a step`;
      const row = { who: who(one), rate: rest.stepsPerSecond, energy, memory };
      add(`Training step ${step}, batch ${batchSize}, in steps/s`, row);
    }
  }
  for (const one of [...devices, ...float]) {
    for (const { profile, size, gops } of one.rates?.products ?? []) {
      const row = { who: `${who(one)}, ${size} × ${size}`, rate: gops, energy: "", memory: "" };
      add(`Product ${profile}, in GOP/s`, row);
    }
  }
  return [...found.values()];
}

/** "0.42 J, 2.4 steps/J". */
function energyWords(joules: number): string {
  if (joules <= 0) return "below what the meter tells";
  return `${joules.toPrecision(3)} J, ${formatRate(1 / joules)} steps/J`;
}

function sectionLines({ rows }: Section): string[] {
  const sorted = rows.toSorted((left, right) => right.rate - left.rate);
  const [{ rate: fastest }] = sorted;
  const isMetered = rows.some(({ energy }) => /\d/.test(energy));
  const isPlanned = rows.some(({ memory }) => memory !== "");
  const cells = sorted.map((row) => {
    const energy = isMetered ? [row.energy] : [];
    const memory = isPlanned ? [row.memory] : [];
    return [`  ${row.who}`, formatRate(row.rate), bar(row.rate / fastest), ...energy, ...memory];
  });
  const heading = cells[0].map(() => "");
  return table(heading, cells, [1]).slice(1);
}

function exactLine({ wrongOps, ...device }: DeviceBench): string[] {
  const exact = wrongOps.length === 0 ? "exact" : `not exact here: op ${wrongOps.join(", ")}`;
  return [`${who({ wrongOps, ...device })}: ${exact}`];
}

function energyLine({ meter, notMetered, devices }: MachineBench): string {
  const graphics = devices.filter(({ device }) => !device.startsWith("cpu"));
  const own = new Set(graphics.flatMap(({ meter: one }) => (one === null ? [] : [meterText(one)])));
  const others = own.size === 0 ? "not metered" : `${[...own].join(", ")}, whole boards`;
  const processor =
    meter === null
      ? `processor not metered, ${notMetered ?? "nothing counts it here"}`
      : `${meterText(meter)}, with all else that ran`;
  return `Energy: ${processor}${graphics.length === 0 ? "" : `; graphics devices: ${others}`}.`;
}

function meterText({ name, tier }: { readonly name: string; readonly tier: string }): string {
  return `${name} (tier ${tier})`;
}
