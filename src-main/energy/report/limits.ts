/** Decides the bounds that reports are made and judged by; each stands beside its reason. */

/** Hash, key and salt domains. A tag is permanent: another meaning, another tag. */
export const REPORT_TAGS = {
  key: "vivian/energy/report-key/1",
  daySecret: "vivian/energy/day-secret/1",
  salt: "vivian/energy/row-salt/1",
  row: "vivian/energy/row/1",
  keyLeaf: "vivian/energy/key-leaf/1",
  serial: "vivian/energy/serial/1",
} as const;

/** Bytes of a row's salt: 128 bits, so that no row is guessed from its digest. */
export const SALT_BYTES = 16;

/** Millijoules of a watt-hour. */
export const MILLIJOULES_PER_WH = 3_600_000;

/**
 * Share of the larger neighbouring interval that a register and the intervals may differ by: the
 * last reading of an interval lies up to a minute before its end, a fifth of the shortest one.
 */
export const REGISTER_SHARE = 0.25;
/** And whole watt-hours: each of two figures is rounded down. */
export const REGISTER_WH = 2;

/** What a source may draw above its nameplate: meters err, short peaks happen. */
export const NAMEPLATE_SHARE = 1.1;

/** Watts that a load of unknown nameplate may reach; a machine with eight accelerators fits. */
export const UNKNOWN_LOAD_W = 20_000;

/**
 * Least joules of one multiply-add by class of chip, far below what any chip reaches: the best
 * 8-bit engines of 2026 state about 0.2 to 0.4 pJ for one operation, so 0.4 to 0.8 pJ for a
 * multiply-add; half of the best is taken. General processors with matrix units need several pJ.
 * What is below cannot have been the work, whatever the meter says.
 */
export const LEAST_PICOJOULES_PER_MAC: Readonly<Record<string, number>> = {
  cpu: 0.5,
  gpu: 0.2,
  tpu: 0.2,
  npu: 0.1,
  other: 0.1,
};

/** Clear-sky light above the nameplate's: cold panels, clouds' edges, optimistic nameplates. */
export const SUN_SHARE = 1.4;

/** Below this elevation there is no twilight either (end of civil twilight), in degrees. */
export const SUN_DARK_DEGREES = -6;

/** Watt-hours of an interval that an inverter may show at night: rounding and its own needle. */
export const NIGHT_WH = 1;

/** A checker's clock and a miner's may differ. */
export const CLOCK_SLACK_MS = 120_000;
