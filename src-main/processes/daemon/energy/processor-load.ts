/** Decides how busy the processor is: the share of its time since it was last asked. */

import { cpus } from "node:os";

/** Answers 0 to 1; null at the first question, which has no time to speak of. */
export function processorLoad(): () => number | null {
  let before: { readonly busy: number; readonly all: number } | null = null;
  return () => {
    let [busy, all] = [0, 0];
    for (const { times } of cpus()) {
      const spent = times.user + times.nice + times.sys + times.irq;
      busy += spent;
      all += spent + times.idle;
    }
    const last = before;
    before = { busy, all };
    if (last === null || all <= last.all) return null;
    return Math.min(1, Math.max(0, (busy - last.busy) / (all - last.all)));
  };
}
