/** The dashboard asks only for what a miner offers, in words that Prometheus understands. */

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { describe, expect, it } from "vitest";

import { METRICS } from "../../../src-main/api/index.ts";

const FILE = fileURLToPath(
  new URL("../../../packaging/grafana/vivian-miner.json", import.meta.url),
);

interface Panel {
  readonly id: number;
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number };
  readonly targets: readonly { readonly expr: string; readonly legendFormat: string }[];
}

const dashboard = JSON.parse(readFileSync(FILE, "utf8")) as { readonly panels: readonly Panel[] };

/** Labels that Prometheus adds to what it scrapes. */
const ADDED = ["instance"];

/** What a query asks for that no miner offers. */
function faultsOf(expr: string, legend: string): string[] {
  const names = expr.match(/\bminer_[a-z_]+/g) ?? [];
  if (names.length === 0) return ["no metric"];
  const unknown = names.filter((name) => !Object.hasOwn(METRICS, name));
  if (unknown.length > 0) return unknown;
  const offered: readonly string[] = names.flatMap((name) => [
    ...METRICS[name as keyof typeof METRICS].labels,
  ]);
  const matched = [...expr.matchAll(/([a-z_]+)=~?"/g)].map(([, label]) => label);
  const grouped = [...expr.matchAll(/by \(([^)]*)\)/g)].flatMap(([, list]) => list.split(/, */));
  const shown = [...legend.matchAll(/\{\{(\w+)\}\}/g)].map(([, label]) => label);
  const known = new Set([...offered, ...ADDED]);
  const kind = METRICS[names[0] as keyof typeof METRICS].kind;
  const isCounted = /\b(rate|increase)\(/.test(expr);
  return [
    ...[...matched, ...grouped, ...shown].filter((label) => !known.has(label)),
    ...(isCounted === (kind === "counter") ? [] : [`${kind} taken for the other`]),
  ];
}

const targets = dashboard.panels.flatMap(({ targets: all }) => all);
const noTool = spawnSync("promtool", ["--version"]).error === undefined ? "" : "no promtool";
if (noTool !== "") console.warn(`skipped: ${noTool} (Debian package prometheus)`);

/** Queries as rules of recording, which promtool reads whole. */
function promtool(queries: readonly string[]): number | null {
  const folder = mkdtempSync(join(tmpdir(), "vivian-rules-"));
  try {
    const rules = queries.map((expr, index) => ({ record: `shown:panel:${index}`, expr }));
    const file = join(folder, "rules.json");
    writeFileSync(file, JSON.stringify({ groups: [{ name: "panels", rules }] }));
    return spawnSync("promtool", ["check", "rules", file]).status;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe("packaging/grafana/vivian-miner.json", () => {
  it("names metrics and labels that exist, counters as counters", () => {
    expect(targets.length).toBeGreaterThan(10);
    for (const { expr, legendFormat } of targets) {
      expect(faultsOf(expr, legendFormat), expr).toEqual([]);
    }
  });

  it("shows every metric of a miner at least once", () => {
    const asked = targets.map(({ expr }) => expr).join(" ");
    const unseen = Object.keys(METRICS).filter((name) => !asked.includes(name));
    expect(unseen).toEqual([]);
  });

  it("would be found with a wrong name, a wrong label, a gauge that is rated", () => {
    expect(faultsOf("miner_joules_total", "")).not.toEqual([]);
    expect(faultsOf('miner_state{phase="idle"}', "")).not.toEqual([]);
    expect(faultsOf("sum by (wallet) (miner_state)", "")).not.toEqual([]);
    expect(faultsOf("rate(miner_state[5m])", "")).not.toEqual([]);
    expect(faultsOf("miner_work_units_total", "")).not.toEqual([]);
    expect(faultsOf("miner_state", "{{job_name}}")).not.toEqual([]);
  });

  it("has panels of their own number and place, titled", () => {
    const { panels } = dashboard;
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    const places = panels.map(({ gridPos: { x, y } }) => `${x} ${y}`);
    expect(new Set(places).size).toBe(panels.length);
    for (const { title, gridPos } of panels) {
      expect(title).not.toBe("");
      expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
    }
  });

  it.skipIf(noTool !== "")("asks in words that Prometheus understands", () => {
    const queries = targets.map(({ expr }) => expr.replaceAll("$__range", "24h"));
    expect(promtool(queries)).toBe(0);
    expect(promtool([...queries, "sum by miner_state("])).not.toBe(0);
  });
});
