/** Decides the numeric profiles a product can name, as their attribute values. */
import type { Bound } from "../exact/quantise.ts";

/** Attribute values: 14-bit operands, the same balanced along K, 8-bit operands. */
export const PROFILE = { I14: 0, I14K: 1, I8: 2 } as const;

/** Largest quantised magnitude of a profile. */
export function boundOf(profile: number): Bound {
  return profile === PROFILE.I8 ? 127 : 8127;
}
