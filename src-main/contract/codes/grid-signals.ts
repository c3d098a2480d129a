/** Codes of grid and price signals: why a value of the grid is missing. */
export const GRID_SIGNALS_CODES = {
  GRID_SIGNALS_UNREACHABLE:
    "The signal's service did not answer; it is asked again later, the last value stays in use.",
  GRID_SIGNALS_KEY:
    "The file with the service's key cannot be read; name it in config.toml, close it to others.",
  GRID_SIGNALS_REFUSED:
    "The service refused the key; look whether it is valid for this zone and this kind of value.",
  GRID_SIGNALS_LIMIT:
    "The service takes no more requests for now; it is asked again when it says, or after a pause.",
  GRID_SIGNALS_ANSWER:
    "The service answered in another shape than documented; update, or name another service.",
  GRID_SIGNALS_ZONE: "The zone is not known to the service; correct `zone` in config.toml.",
} as const;
