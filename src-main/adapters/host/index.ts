/** The face of the host adapter: the machine's clock and randomness. */
export { systemClock } from "./system-clock.ts";
export { systemEntropy } from "./system-entropy.ts";
