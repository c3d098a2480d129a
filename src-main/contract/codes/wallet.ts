/** Codes of the wallet room: why a key file is not used. */
export const WALLET_CODES = {
  WALLET_KEY_FORM:
    "A key file does not hold a key; put back a copy, or move it away to have a new one made.",
  WALLET_KEY_OWNER:
    "A key file belongs to another user; make yourself its owner or use another data folder.",
  WALLET_KEY_PERMISSIONS:
    "A key file is open to other users and this could not be mended; run chmod 600 on it.",
  WALLET_KEY_MISSING:
    "A key file is missing although the ledger was founded with it; put back a copy of it.",
  WALLET_KEY_IO: "A key file cannot be read or written; check the folder's owner and free space.",
} as const;
