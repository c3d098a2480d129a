/** Decides where secrets and salts come from: the operating system, never a seeded generator. */

/** Unpredictable bytes. */
export interface Entropy {
  /** `count` new bytes, 0 to 65,536. */
  bytes(count: number): Uint8Array;
}
