/** Codes of telemetry: why a device is not watched, or its past is not there. */
export const TELEMETRY_CODES = {
  TELEMETRY_DEVICE:
    "Nothing is known of a device of that name; `vivian devices --watch` shows those watched.",
  TELEMETRY_SPAN: "The span ends before it begins; give a later end.",
  TELEMETRY_READER:
    "A driver hung or ended the process that reads it, which is begun again without the device; " +
    "look at the system's log for its driver.",
  TELEMETRY_DAMAGED:
    "What was kept of the devices' past was unreadable and was put aside, a new store was begun; " +
    "check the disk.",
} as const;
