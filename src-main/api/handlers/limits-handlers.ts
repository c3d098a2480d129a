/** Decides what is answered about limits of devices, and how one is set. */

import type { LimitsSetParams, LimitsState } from "../../contract/control-api/index.ts";
import { accept, reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import type { Handlers } from "../handlers.ts";

/** What these handlers ask. */
export interface LimitsNeeds {
  state(): LimitsState;
  /** Sets what is given, in force at once and kept. */
  set(params: LimitsSetParams): Outcome<void>;
}

/** Handlers of these methods. */
export function limitsHandlers(needs: LimitsNeeds): Pick<Handlers, "limits.state" | "limits.set"> {
  const state = () => accept(needs.state());
  return {
    "limits.state": () => Promise.resolve(state()),
    "limits.set": (params) => {
      const { device } = params;
      const isKnown = needs.state().devices.some((one) => one.device === device);
      if (!isKnown) return Promise.resolve(reject("TELEMETRY_DEVICE", { device }));
      const set = needs.set(params);
      return Promise.resolve(set.ok ? state() : set);
    },
  };
}
