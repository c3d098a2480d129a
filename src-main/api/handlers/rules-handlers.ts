/** Decides what is answered about rules and protections. */

import type { RulesPreview, RulesState } from "../../contract/control-api/index.ts";
import { accept } from "../../contract/outcome.ts";
import type { Handlers } from "../handlers.ts";

/** What these handlers ask. */
export interface RulesNeeds {
  state(): RulesState;
  preview(): RulesPreview;
}

/** Handlers of these methods. */
export function rulesHandlers(needs: RulesNeeds): Pick<Handlers, "rules.state" | "rules.preview"> {
  return {
    "rules.state": () => Promise.resolve(accept(needs.state())),
    "rules.preview": () => Promise.resolve(accept(needs.preview())),
  };
}
