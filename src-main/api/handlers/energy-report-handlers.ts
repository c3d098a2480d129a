/** Decides how the calls about energy reports are answered; the composition knows the chain. */

import type {
  CheckedParams,
  KeptReport,
  ReportCheck,
  Reports,
} from "../../contract/control-api/index.ts";
import { accept, reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import type { Handlers } from "../handlers.ts";

/** What these handlers ask. */
export interface EnergyReportNeeds {
  make(asked: CheckedParams<"energy.report">): Promise<Outcome<KeptReport>>;
  list(limit: number): Reports;
  kept(seq: number): KeptReport | undefined;
  check(text: string): ReportCheck;
}

type Methods = "energy.report" | "energy.reports" | "energy.kept-report" | "energy.check";

/** Handlers of these methods. */
export function energyReportHandlers(needs: EnergyReportNeeds): Pick<Handlers, Methods> {
  return {
    "energy.report": (asked) => needs.make(asked),
    "energy.reports": ({ limit }) => Promise.resolve(accept(needs.list(limit))),
    "energy.kept-report": ({ seq }) => {
      const kept = needs.kept(seq);
      return Promise.resolve(
        kept === undefined ? reject("ENERGY_REPORT_UNKNOWN", { seq }) : accept(kept),
      );
    },
    "energy.check": ({ text }) => Promise.resolve(accept(needs.check(text))),
  };
}
