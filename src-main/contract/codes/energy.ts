/** Codes of energy accounting: why energy is not counted or shown. */
export const ENERGY_CODES = {
  ENERGY_DAY_CLOSED:
    "The day's energy rows are closed and take no more; look at the clock if it was moved.",
  ENERGY_SPAN:
    "The span has no rows or too many for one answer; ask for a shorter one or a longer step.",
  ENERGY_OFF: "Energy is not counted here; see `energy.count` in config.toml and the log.",
} as const;
