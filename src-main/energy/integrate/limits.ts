/** Decides the bounds of counting energy, each with its reason. */

/** Watts a source may have where its nameplate is unknown: all a home's socket circuit gives. */
export const UNKNOWN_SOURCE_WATTS = 10_000;

/** The same for a meter of a whole site: a large roof or a small hall. */
export const UNKNOWN_SITE_WATTS = 1_000_000;

/** Least distance of readings that is trusted, however often a source is asked. */
export const TRUSTED_LEAST_MS = 10_000;

/** Readings that may be missed before a distance is no longer trusted. */
export const TRUSTED_READINGS = 3;

/** Difference of wall clock and running clock from which the wall clock was moved. */
export const CLOCK_JUMP_MS = 2_000;

/** A reading this far ahead of the clock is of another clock. */
export const AHEAD_MAX_MS = 60_000;

/** Coarsest step of a register that is met: 0.01 kWh. A step this large needs no time. */
export const REGISTER_STEP_MILLIJOULES = 36_000_000;

/** Impossible readings in a row after which the register is believed to stand there now. */
export const REFUSED_IN_A_ROW = 3;

/** Longest absence that a register's difference is spread over: a quarter of a year. */
export const SPREAD_MAX_MS = 92 * 86_400_000;

/** Millijoules of a watt hour. */
export const MILLIJOULES_PER_WATT_HOUR = 3_600_000;
