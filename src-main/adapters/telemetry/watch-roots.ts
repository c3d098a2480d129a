/** Decides where Linux shows hardware and processes; tests name folders of their own. */

/** The two folders that everything is read below. */
export interface WatchRoots {
  /** `/sys` */
  readonly system: string;
  /** `/proc` */
  readonly processes: string;
}

/** Those of the machine. */
export const MACHINE_ROOTS: WatchRoots = { system: "/sys", processes: "/proc" };
