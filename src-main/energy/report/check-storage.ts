/**
 * Decides whether what a report counts as given back by a store had been put in by the own plant:
 * the content of the store is followed from the period's begin on, as the report's maker must have
 * done (sources/storage-mix.ts), and every figure recomputed. What a report does not say of its
 * store was not in it: energy that nobody is seen to have put in is the grid's.
 */

import type { EnergyReport, ReportInterval } from "../../contract/energy-report.ts";
import { mixedFlow } from "../sources/storage-mix.ts";
import type { Findings } from "./findings.ts";

const NOTHING_INSIDE: NonNullable<EnergyReport["storage"]> = {
  begin_own_wh: 0,
  begin_other_wh: 0,
};
const NO_FLOW: NonNullable<ReportInterval["store"]> = { in_wh: 0, own_in_wh: 0, out_wh: 0 };

/** Says ENERGY_STORAGE_ORIGIN. */
export function checkStorage({ storage, intervals }: EnergyReport, findings: Findings): void {
  const { begin_own_wh: own, begin_other_wh: other, capacity_wh } = storage ?? NOTHING_INSIDE;
  const capacity = capacity_wh ?? null;
  const wrong = (where: string, text: string): void =>
    findings.say("ENERGY_STORAGE_ORIGIN", where, text);
  if (own > 0) {
    findings.skip("what was in the store at the begin", "it is from before the report's time");
  }
  if (capacity !== null && own + other > capacity) {
    const text = `${own + other} Wh are said to be in a store that holds ${capacity} Wh.`;
    wrong("storage", text);
  }
  let content = { own, other };
  intervals.forEach(({ start, own_wh, storage_wh, store = NO_FLOW }, at) => {
    const { in_wh, own_in_wh, out_wh, unseen_wh = 0 } = store;
    const generated = own_wh + own_in_wh + unseen_wh;
    const mixed = mixedFlow(content, { generated, charged: in_wh, discharged: out_wh }, capacity);
    content = mixed.content;
    if (own_in_wh !== mixed.ownCharged) {
      const text =
        `${own_in_wh} Wh of the ${in_wh} Wh that a store took at ${start} are said to be the own ` +
        `plant's, which made ${generated} Wh then.`;
      wrong(`intervals.${at}.store`, text);
    }
    if (storage_wh === mixed.ownDischarged) return;
    const text =
      `${storage_wh} Wh of the ${out_wh} Wh that a store gave at ${start} are said to be the own ` +
      `plant's; by what went in, ${mixed.ownDischarged} Wh are.`;
    wrong(`intervals.${at}.storage_wh`, text);
  });
}
