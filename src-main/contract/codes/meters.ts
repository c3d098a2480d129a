/** Codes of the meters: why energy could not be counted. */
export const METERS_CODES = {
  METERS_COUNTER:
    "An energy counter could no longer be read; look whether its driver is still loaded.",
} as const;
