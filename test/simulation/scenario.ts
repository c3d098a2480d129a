/**
 * Decides how a cheat is shown to be in vain: a job with the cheat in it, the code it ends in, who
 * has which money before and after, then an honest job that is paid as if nothing had been.
 */

import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import { ReportTable } from "../reports/report-table.ts";
import type { CheatNetwork, Who } from "./cheat-network.ts";
import { expectNothingPaid, expectPaidOnce, moneyOf } from "./money.ts";
import { runUnit } from "./unit-run.ts";
import type { Cheat, UnitEnd } from "./unit-run.ts";

/** A cheat, and how it must end. */
export interface Scenario extends Cheat {
  readonly cheat: string;
  readonly who: "worker" | "verifier" | "outsider";
  /** The code the cheat itself ends in. */
  readonly code: string;
  /**
   * disputed: the unit is disputed with that code. refused: the record is refused with it and the
   * unit ends in `unitCode`. harmless: the record is refused, the honest unit is paid once.
   */
  readonly end: "disputed" | "refused" | "missed" | "harmless";
  /** The code the unit ends in, where it is another. */
  readonly unitCode?: string;
  /** Whose bonds stay held. */
  readonly loses: readonly Who[];
}

/** Path of an adversary that is a process of its own. */
export function adversary(name: string): string {
  return fileURLToPath(new URL(`./adversaries/${name}.ts`, import.meta.url));
}

const CHEATS = {
  name: "cheats",
  title: "Cheats: what was tried on real processes, and what came of it",
  columns: ["cheat", "who", "code", "unit", "paid for it", "bond held", "seconds"],
} as const;

export type CheatTable = ReportTable<(typeof CHEATS.columns)[number]>;

/** The table of one test file. */
export function cheatTable(source: string): CheatTable {
  return new ReportTable(CHEATS, source);
}

/** Writes a scenario's row. */
export function writeRow(table: CheatTable, scenario: Scenario, unit: string, ms: number): void {
  const { cheat, who, code, loses } = scenario;
  table.add({
    cheat,
    who,
    code,
    unit,
    "paid for it": unit.startsWith("FAILED") ? "not known" : "nothing",
    "bond held": loses.length === 0 ? "none" : loses.join(" and "),
    seconds: (ms / 1_000).toFixed(1),
  });
}

/** Plays a scenario and the honest job after it; throws when it ends in another way. */
export async function play(
  network: CheatNetwork,
  scenario: Scenario,
  table: CheatTable,
): Promise<void> {
  const began = performance.now();
  let unit = "FAILED: it ended in another way";
  try {
    const { row } = await playOut(network, scenario);
    unit = row.phase === "paid" ? "paid once" : `void, ${row.code}`;
  } finally {
    writeRow(table, scenario, unit, performance.now() - began);
  }
}

async function playOut(network: CheatNetwork, scenario: Scenario): Promise<UnitEnd> {
  const before = moneyOf(network);
  const end = await runUnit(network, scenario);
  const after = moneyOf(network);
  const kinds = end.effects.map(({ kind }) => kind);
  const seen = `${end.row.code} ${end.refusals} ${network.lines.join("\n")}`;
  if (scenario.end === "harmless") {
    expect(end.row.phase, seen).toBe("paid");
    expect(kinds.filter((kind) => kind === "paid").length).toBe(3);
    expectPaidOnce(before, after, end.row.priceBase);
  } else {
    expect(end.row, seen).toMatchObject({
      phase: "void",
      code: scenario.unitCode ?? scenario.code,
    });
    expect(kinds).not.toContain("paid");
    expect(kinds.includes("disputed")).toBe(scenario.end === "disputed");
    expectNothingPaid(before, after, end.row.bondBase, scenario.loses);
  }
  if (scenario.end === "harmless" || scenario.end === "refused") {
    expect([...new Set(end.refusals)], seen).toEqual([scenario.code]);
  } else {
    expect(end.refusals, seen).toEqual([]);
  }
  // A harmless cheat stood in an honest job; after any other, the next job shows no trace of it.
  if (scenario.end !== "harmless") {
    const honest = await runUnit(network);
    expect(honest.row).toMatchObject({ phase: "paid", code: "" });
    expect(honest.refusals).toEqual([]);
    expectPaidOnce(after, moneyOf(network), honest.row.priceBase);
  }
  return end;
}
