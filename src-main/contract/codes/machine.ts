/** Codes of the machine adapter: why the inventory is incomplete. */
export const MACHINE_CODES = {
  MACHINE_INVENTORY:
    "The machine's devices could not be listed; work goes on with what the system itself reports.",
} as const;
