/** Codes of the machine adapter: why the inventory is incomplete. */
export const MACHINE_CODES = {
  MACHINE_INVENTORY:
    "The machine's devices could not be listed; work goes on with what the system itself reports.",
  MACHINE_NODE_CLOSED:
    "A device is here that this account may not open; run the command that is named, then start " +
    "the daemon again.",
} as const;
