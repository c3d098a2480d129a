/**
 * Decides how a device's own limit of power is asked for and told, whoever its maker is: never
 * above what was found, within the device's own bounds, and believed only as it is read back.
 */

/** What is wanted of a limit. */
export interface LimitWish {
  /** Watts to set; null reads alone. */
  readonly watts: number | null;
  /** Never above it: what was found before anything was set. */
  readonly mostWatts: number | null;
}

/** What became of it. */
export interface LimitAnswer {
  readonly outcome: "done" | "no-permission" | "not-supported" | "failed";
  /** Why it was not done, in words; empty where it was. */
  readonly why: string;
  /** In watts, as it was and as it is; null where the device has none or does not say. */
  readonly before: number | null;
  readonly now: number | null;
}

/** A limit that a device's driver shows as a file. */
export interface FileLimit {
  /** Its name over restarts of the machine. */
  readonly key: string;
  /** The file, for the command that an owner may give. */
  readonly file: string;
  readonly leastWatts: number | null;
}
