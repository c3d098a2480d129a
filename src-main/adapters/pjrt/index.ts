/** What others use of PJRT plugins, the way to TPUs. */

export { PJRT_LIMIT, askPjrtPlugin } from "./ask-plugin.ts";
export type { PjrtQuestion, PjrtReport } from "./ask-plugin.ts";
export type { PjrtDevice, PjrtPlugin, PjrtProduct } from "./read-answers.ts";
