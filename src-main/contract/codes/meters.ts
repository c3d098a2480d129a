/** Codes of the meters: why energy could not be counted, and what mends it. */
export const METERS_CODES = {
  METERS_COUNTER:
    "An energy counter could no longer be read; look whether its driver is still loaded.",
  METERS_ABSENT: "This machine has no such meter; remove it from the settings or choose another.",
  METERS_PERMISSION:
    "The counter is open to root only; on Linux install vivian-meter, on macOS use kind ioreport.",
  METERS_DESCRIPTION: "A meter's description is wrong; correct the named field in the settings.",
  METERS_SECRET:
    "A meter's password file cannot be read or others can read it; give its path and mode 0600.",
  METERS_UNREACHABLE:
    "The meter's address does not answer; look whether it is on and the address is right.",
  METERS_LOCAL_NETWORK:
    "The system keeps this program from the local network; allow it in the privacy settings.",
  METERS_TIMEOUT: "The meter took too long to answer; look at its network connection.",
  METERS_LOGIN: "The meter refused the login; correct its user, password or token.",
  METERS_ANSWER:
    "The meter's answer could not be understood; look whether kind and address fit the device.",
  METERS_NO_ENTITY:
    "The device has no such component or entity; correct its name or number in the settings.",
  METERS_NO_VALUE: "The meter has no value now; it is asked again, nothing needs to be done.",
  METERS_UNIT:
    "The meter's unit is none of Wh, kWh, MWh, J, W or kW; choose an entity of energy or power.",
  METERS_NOT_SUNSPEC:
    "No SunSpec map was found at that address; switch Modbus TCP on and look at the unit number.",
  METERS_NO_MODEL:
    "The SunSpec device lacks the model that was asked for; choose one of those it has.",
  METERS_EXCEPTION:
    "The device refused a Modbus request; look whether another program keeps it busy.",
  METERS_SIGNATURE:
    "The meter's signature does not fit its reading; compare the configured key with the meter's.",
} as const;
