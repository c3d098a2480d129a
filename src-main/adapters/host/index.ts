/** The face of the host adapter: clock, randomness, and whoever supervises the daemon. */
export { openServiceNotifier } from "./service-notifier.ts";
export type { ServiceNotifier } from "./service-notifier.ts";
export { systemClock } from "./system-clock.ts";
export { systemEntropy } from "./system-entropy.ts";
