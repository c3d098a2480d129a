/** Decides the adapter's maxima. */

/** Bytes one session may hold unless its owner says otherwise: what a small GPU can spare. */
export const SESSION_BYTES_MAX = 4 * 1024 ** 3;

/** Workgroups in a row; every device allows as many, and longer rows are folded. */
export const GROUPS_IN_ROW = 65_535;

/** Numbers of a dispatch begin at multiples of this; no device asks for more. */
export const NUMBERS_ALIGNMENT = 256;

/** Graphics adapters looked at; Dawn tells of one for each wish, and there are two wishes. */
export const ADAPTERS_MAX = 8;

/** Characters of an adapter's name that are shown. */
export const ADAPTER_NAME_MAX = 96;

/** Steps that another device would have to repeat; then the states are read for safety. */
export const REPLAYED_STEPS_MAX = 1_024;

/** Bytes of their batches. */
export const REPLAYED_BYTES_MAX = 64 * 1024 ** 2;

/**
 * Steps handed to the device and not yet done. One at work and one that waits for it are enough
 * where a step takes long; of short ones the host tells of the end later than the next is over.
 */
export const STEPS_IN_FLIGHT_MAX = 4;

/** Ops that one kernel does; longer texts take drivers long to compile. */
export const FUSED_OPS_MAX = 64;

/** Bytes of outputs that are brought to the host's side with each step; larger ones when asked. */
export const STAGED_BYTES_MAX = 65_536;

/** Bytes of a tensor that come back at a time: enough that handing a piece over weighs little. */
export const READ_PIECE_BYTES = 8 * 1024 ** 2;
