/** Decides how much a meter may ask of this machine: time, bytes, requests. */

/** Milliseconds of one request; devices of a home answer within some 200. */
export const REQUEST_MS = 3_000;

/** Milliseconds of a whole reading, login and search included (ports/meter.ts allows 10 s). */
export const READING_MS = 9_000;

/** Bytes of an answer over HTTP; the longest status of a known device has some 8 KiB. */
export const HTTP_BODY_BYTES_MAX = 64 * 1024;

/** Bytes of a Modbus TCP frame after its first six (Modbus Messaging on TCP/IP, section 3.1.3). */
export const MODBUS_LENGTH_MAX = 254;

/** Registers of one request (Modbus application protocol, function 3). */
export const MODBUS_REGISTERS_MAX = 125;

/** Models walked in a SunSpec map; known devices have at most some 40. */
export const SUNSPEC_MODELS_MAX = 128;

/** DC ports of a SunSpec model 714 that are read; hybrid inverters have at most some 8. */
export const SUNSPEC_PORTS_MAX = 16;

/** Seconds of the first wait after a failed connection; doubled with each further failure. */
export const BACKOFF_FIRST_MS = 1_000;

/** Longest wait between tries. A device that was switched on again is back within this. */
export const BACKOFF_MS_MAX = 60_000;

/** Bytes of a file that holds a password or token. */
export const SECRET_BYTES_MAX = 4_096;

/** Greatest register, a safe integer of millijoules: some 2.5 GWh. */
export const MILLIJOULES_MAX = Number.MAX_SAFE_INTEGER;

/** Asked at least this often: registers of devices on the network change each second or slower. */
export const NETWORK_READ_EVERY_MS = 5_000;

/** Characters of a make, model or serial that is kept; a device could say any. */
export const NAME_CHARACTERS_MAX = 64;
