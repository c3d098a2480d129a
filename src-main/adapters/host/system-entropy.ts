/** Decides which randomness the processes use: the operating system's. */

import { randomBytes } from "node:crypto";
import type { Entropy } from "../../ports/entropy.ts";

/** The operating system's generator. */
export const systemEntropy: Entropy = {
  bytes: (count) => new Uint8Array(randomBytes(count)),
};
