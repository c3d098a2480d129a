/** Codes of rules and protections: why a rule is refused, or work waits. */
export const ENERGY_RULES_CODES = {
  ENERGY_RULE_KEY:
    "A rule has a key that does not exist; correct its name or delete the line, `vivian rules " +
    "keys` lists them.",
  ENERGY_RULE_VALUE: "A value of a rule is not allowed; correct the key that is named.",
  ENERGY_RULE_PAUSED:
    "A rule of your own pauses work; it goes on by itself, or with `vivian mine start` until the " +
    "rules want something else.",
  ENERGY_DEVICE_OFF:
    "The device that trains is switched off; switch it on under Devices or with `vivian config " +
    "set limits.DEVICE.on true`.",
  ENERGY_CAP_LOW:
    "A cap of watts cannot be kept even with the least work, so work waits and is tried again; " +
    "raise the limit or the rule's `cap_watts`.",
  ENERGY_CAP_BLIND:
    "A cap of watts is set and nothing measures the device, so work waits; name a meter in the " +
    "settings, or take the cap away.",
  ENERGY_PROTECTION_HEAT:
    "A device is too hot and work waits until it has cooled down; clean its fans or give it air.",
  ENERGY_PROTECTION_STOPPED:
    "A device became so hot that work was stopped; look after its cooling, then `vivian mine " +
    "start`.",
  ENERGY_PROTECTION_SENSOR:
    "A device that works no longer tells its temperature, so nobody would see the heat; look at " +
    "its driver, work goes on once it is told again.",
  ENERGY_PROTECTION_FAILURES:
    "Several units failed one after the other and work waits; look at the newest with `vivian " +
    "status`, then `vivian mine start`.",
  ENERGY_PROTECTION_WATTS:
    "The machine takes more watts than its owner allows, or none are measured; work waits, see " +
    "`protection.total_watts` in config.toml.",
} as const;
