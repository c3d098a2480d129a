/** Codes of energy reports: why none is made, and what a check finds in one. */
export const ENERGY_REPORT_CODES = {
  ENERGY_REPORT_NO_ROWS: "No load was measured in that time; choose a time in which one was.",
  ENERGY_REPORT_PERIOD:
    "The time is not over yet, is no whole number of steps, or of too many; move its ends, or " +
    "take a longer step.",
  ENERGY_REPORT_UNKNOWN: "No report has this number here; see `vivian energy reports`.",
  ENERGY_REPORT_DAMAGED:
    "A report of this folder's chain cannot be read, so none can follow it; restore the file.",
  ENERGY_REPORT_FILE: "The report's file cannot be read; look at its path and who may read it.",
  ENERGY_REPORT_FORM: "This is no energy-report/1; ask for the file as it was made.",
  ENERGY_SIGNATURE:
    "No signature of the miner is over what it says, so it was changed; ask for the original.",
  ENERGY_CHAIN: "The report does not follow the one before it; ask for the whole chain.",
  ENERGY_CLOCK:
    "The report trusts its clock more than its rows do, or tells of time to come; do not rely " +
    "on when its energy was used.",
  ENERGY_INTERVAL_MISSING: "An interval was left out, not shown as a gap; ask for the original.",
  ENERGY_INTERVAL_OVERLAP: "An interval comes twice or out of order; ask for the original.",
  ENERGY_INTERVAL_OUTSIDE: "An interval lies outside the report's time; ask for the original.",
  ENERGY_SOURCE_UNKNOWN:
    "A figure names a source that is not listed in its role; ask who measured it.",
  ENERGY_SOURCE_TIER: "A source claims a better tier than its kind can have; read it as the lower.",
  ENERGY_TOTALS: "A total does not follow from what the report lists; trust the list.",
  ENERGY_REGISTER_BACK:
    "A meter's register goes back without having begun anew; ask for the meter's own readings.",
  ENERGY_REGISTER_DIFFERS:
    "A meter's register and the intervals tell different energies; ask for its own readings.",
  ENERGY_NAMEPLATE:
    "More energy than the source's nameplate allows is impossible; ask who measured.",
  ENERGY_SUN_NIGHT: "Solar energy while the sun is down is impossible; ask who measured.",
  ENERGY_SUN_BOUND: "More solar energy than a clear sky gives there; ask who measured.",
  ENERGY_STORAGE_ORIGIN:
    "A store gives back more of the own plant's energy than went into it; count it as the grid's.",
  ENERGY_WORK_TIME:
    "A unit lies outside the report's time, or two run on one device; count neither.",
  ENERGY_WORK_LEAST: "Less energy than the unit's work takes on any such chip; do not believe it.",
  ENERGY_WORK_MOST: "More energy for a unit than its source's nameplate allows; do not believe it.",
  ENERGY_WORK_LOAD: "The units took more energy than their source counted; one of both is wrong.",
  ENERGY_WORK_LEDGER: "The ledger tells another story of a unit; trust the ledger.",
  ENERGY_ANCHOR_ROOT: "The ledger does not hold the day's root as stated; trust the ledger.",
  ENERGY_ANCHOR_KEY:
    "The day's root does not hold the key that is named for it, so anybody may have made it; ask " +
    "the account.",
  ENERGY_ANCHOR_ROWS: "A shown row is not the one that was anchored; it was changed since.",
  ENERGY_ROWS_DIFFER: "An interval is not the sum of its anchored rows; trust the rows.",
  ENERGY_CERTIFICATE_TWICE: "A certificate is counted twice in one report; count it once.",
  ENERGY_CERTIFICATE_BENEFICIARY: "A certificate was cancelled for somebody else; do not count it.",
  ENERGY_CERTIFICATE_TIME: "A certificate's dates are in no possible order; ask its registry.",
  ENERGY_CERTIFICATE_UNCLAIMED:
    "A certificate is not claimed on the ledger, so others may count it too; do not count it.",
  ENERGY_CERTIFICATE_OTHERS: "A certificate was claimed by another account before; theirs counts.",
  ENERGY_CERTIFICATE_DIFFERS:
    "A certificate's claim stands for another energy or time than the report; trust the claim.",
  ENERGY_CERTIFICATE_USE:
    "More certificates are matched in an interval than belong there; count those that do.",
} as const;
