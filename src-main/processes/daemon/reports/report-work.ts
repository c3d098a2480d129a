/**
 * Decides which units a report lists: those that were trained whole within its time and whose
 * energy is known, each once, however often it was taken up again; where the ledger has them.
 */

import { bytesEqual, hexToBytes } from "../../../contract/bytes.ts";
import { REPORT_TRAININGS_MAX, REPORT_WORK_MAX } from "../../../contract/energy-report.ts";
import type { ReportWork } from "../../../contract/energy-report.ts";
import { tierRank, wholeUnit } from "../../../energy/index.ts";
import { momentText, reportTier } from "../../../energy/report/index.ts";
import type { PlannedSource } from "../../../energy/report/index.ts";
import { PRICE_BASE_PER_MEGAMAC } from "../../../learning/index.ts";
import { decodeStored, specificationOf } from "../../../ledger/index.ts";
import type { Node } from "../../../node/index.ts";
import type { EnergyStore, UnitEnergy } from "../../../ports/energy-store.ts";

/** A chip as reports name it. */
export interface ChipFacts {
  readonly name: string;
  readonly chipClass: ReportWork["chip_class"];
}

/** What units are listed from. */
export interface WorkNeeds {
  readonly store: Pick<EnergyStore, "unit" | "units">;
  readonly node: Pick<Node, "job" | "lists" | "outcome" | "record" | "slotOf">;
  /** Whose results and statements they are. */
  readonly account: Uint8Array;
  readonly chipOf: (device: string) => ChipFacts;
}

/** The units of a time, by their begin. */
export function workOf(
  needs: WorkNeeds,
  sources: readonly PlannedSource[],
  fromMs: number,
  toMs: number,
): ReportWork[] {
  const { store } = needs;
  const begun = store.units(fromMs, toMs, REPORT_WORK_MAX);
  const units = [...new Set(begun.map(({ unit }) => unit))];
  const work = units.flatMap((unit) => {
    const trainings = store.unit(unit);
    const isWithin = trainings.every(({ startMs, endMs }) => startMs >= fromMs && endMs <= toMs);
    return isWithin ? unitWork(needs, trainings, sources) : [];
  });
  return work.sort((one, other) => (one.start < other.start ? -1 : 1));
}

function unitWork(
  needs: WorkNeeds,
  trainings: readonly UnitEnergy[],
  sources: readonly PlannedSource[],
): ReportWork[] {
  const last = trainings[trainings.length - 1];
  const job = needs.node.job(hexToBytes(last.job));
  const [source] = last.sources;
  const listed = sources.find(({ identity }) => identity.id === source)?.identity;
  const { millijoules, steps, tier } = wholeUnit(trainings);
  if (job === undefined || listed?.role !== "load" || millijoules === null) return [];
  if (trainings.length > REPORT_TRAININGS_MAX) return [];
  const specification = specificationOf(job);
  const slots = slotsOf(needs, last);
  // What was given up, or is not done yet, is no unit's worth of work.
  const isDone = slots.reveal_slot !== undefined || steps >= specification.steps;
  if (!isDone || last.outcome === "voided") return [];
  const chip = needs.chipOf(last.device);
  // What the price stands for; the ledger knows the price.
  const macs = (specification.unitPriceBase * 1_000_000n) / PRICE_BASE_PER_MEGAMAC;
  const times = trainings.map(({ startMs, endMs }) => {
    return { start: momentText(startMs), end: momentText(endMs) };
  });
  return [
    {
      unit: last.unit,
      job: last.job,
      device: last.device,
      chip: chip.name.slice(0, 128),
      chip_class: chip.chipClass,
      source,
      steps: specification.steps,
      macs: String(macs),
      energy_mj: millijoules,
      tier: reportTier(tierRank(listed.tier) > tierRank(tier) ? listed.tier : tier),
      start: times[0].start,
      end: times[times.length - 1].end,
      ...(times.length < 2 ? {} : { trainings: times }),
      ...slots,
    },
  ];
}

/** Records of an account that are looked through for those of a unit. */
const SLOTS_LOOKED_AT = 512;

type Slots = Pick<ReportWork, "job_slot" | "reveal_slot" | "energy_slot">;

/** Where the ledger has the job, this account's result and what it stated of the energy. */
function slotsOf({ node, account }: WorkNeeds, { job, unit }: UnitEnergy): Slots {
  const created = node.slotOf(hexToBytes(job));
  if (created === undefined) return {};
  const found: Partial<Record<"reveal_slot" | "energy_slot", number>> = {};
  const id = hexToBytes(unit);
  for (const slot of node.lists.feedFrom(account, created, SLOTS_LOOKED_AT)) {
    const stored = node.record(slot);
    const read = stored.ok ? decodeStored(stored.value) : stored;
    const outcome = node.outcome(slot);
    if (!read.ok || !outcome.ok || outcome.value.code !== "") continue;
    const { payload } = read.value.record;
    if (payload.kind !== "unit-reveal" && payload.kind !== "unit-energy") continue;
    if (!bytesEqual(payload.unit, id) || !bytesEqual(read.value.record.account, account)) continue;
    found[payload.kind === "unit-reveal" ? "reveal_slot" : "energy_slot"] = Number(slot);
  }
  return { job_slot: Number(created), ...found };
}
