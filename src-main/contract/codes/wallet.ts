/** Codes of the wallet room: why a key, a wallet or a payment was refused. */
export const WALLET_CODES = {
  WALLET_KEY_FORM:
    "A key file does not hold a key; put back a copy, or move it away to have a new one made.",
  WALLET_KEY_OWNER:
    "A key file belongs to another user; make yourself its owner or use another data folder.",
  WALLET_KEY_PERMISSIONS:
    "A key file is open to other users and this could not be mended; run chmod 600 on it.",
  WALLET_KEY_MISSING:
    "A key file is missing although the ledger was founded with it; put back a copy of it.",
  WALLET_KEY_FOREIGN:
    "The genesis document does not name a key of this folder, so one of the two was changed; " +
    "put back copies of genesis.bin and of the key file.",
  WALLET_KEY_IO: "A key file cannot be read or written; check the folder's owner and free space.",
  WALLET_GIVEN_MISSING:
    "A file with a key or a token that the settings or the system name is not there; put it " +
    "there, or correct the setting.",
  WALLET_GIVEN_OPEN:
    "A file with a key or a token may be read by other users, so it was not taken; run chmod 600 " +
    "on it, or give it as a systemd credential or a mounted Secret.",
  WALLET_GIVEN_FORM: "A file with a key or a token is longer than any; name the right one.",
  WALLET_GIVEN_TOKEN:
    "A token is 16 to 512 letters, digits and the signs - . _ ~ + / = on one line; make one with " +
    "openssl rand -hex 32.",
  WALLET_NAME:
    "A wallet's name is 1 to 32 small letters, digits and dashes, and not one of owner, worker, " +
    "verifier, validator; give another one.",
  WALLET_EXISTS:
    "There is a wallet of that name already, and it was left as it is; give another name, or " +
    "--force, which moves the old one aside.",
  WALLET_UNKNOWN: "There is no wallet of that name; `vivian wallet show` lists them.",
  WALLET_EXPORT_EXISTS:
    "That file exists and was left as it is; name another one, or give --force to replace it.",
  WALLET_EXPORT_FILE:
    "The file cannot be written there, and the wallet is unchanged; name another folder or free " +
    "some space.",
  WALLET_PASSWORD:
    "The password does not open this wallet, which is unchanged; try again after the wait, and " +
    "if you are sure of it the file is damaged: put back a copy or import your phrase.",
  WALLET_PASSWORD_WAIT:
    "Too soon after a wrong password; the wallet is safe, try again after the seconds named.",
  WALLET_PASSWORD_BUSY:
    "Other passwords are being tried at this moment, so this one was not; try again in a few " +
    "seconds.",
  WALLET_OPENER:
    "The process that opens wallets ended early, so nothing was signed; try again, then see the " +
    "daemon's log.",
  WALLET_PREVIEW:
    "The preview is not known any more or was paid already; look at the history and preview again.",
  WALLET_PASSWORD_LENGTH:
    "A password has at least 8 characters; nothing was written, choose a longer one.",
  WALLET_PASSWORD_DIFFERS: "The two passwords differ, so nothing was written; try again.",
  WALLET_PASSWORD_FILE:
    "The password file cannot be read or is empty; put the password on its first line.",
  WALLET_PASSWORD_ASK:
    "There is no terminal to ask for the password; give a file that holds it with --password-file.",
  WALLET_PHRASE_LENGTH:
    "A recovery phrase has 12, 15, 18, 21 or 24 words, so nothing was written; check for missing " +
    "words.",
  WALLET_PHRASE_WORD:
    "The word at that place is not one of a recovery phrase's words, so nothing was written; " +
    "check its spelling.",
  WALLET_PHRASE_CHECKSUM:
    "Every word is known but together they are no phrase, so nothing was written; look for a " +
    "wrong word or two in the wrong order.",
  WALLET_PHRASE_CONFIRM:
    "The phrase was not confirmed, so no wallet was made and nothing is lost; begin again and " +
    "write the words down.",
  WALLET_KEYSTORE_FORM:
    "The wallet file is cut short, damaged or of another kind, and was left as it is; put back a " +
    "copy, or import your phrase.",
  WALLET_KEYSTORE_COST:
    "The wallet file asks for more memory or time than any usual one, so it was not opened; " +
    "export it again with usual settings.",
  WALLET_IMPORT_FILE: "The file to import cannot be read; check its path and its permissions.",
  WALLET_AMOUNT:
    "The amount is not a number of VIV, so nothing was sent; write it like 12 or 0.5, with at " +
    "most 18 decimals.",
  WALLET_AMOUNT_ZERO: "An amount of zero would only cost the fee; nothing was sent, name more.",
  WALLET_SELF: "Sender and receiver are the same account, so nothing was sent; check the address.",
  WALLET_BALANCE_SHORT:
    "The balance does not cover amount and fee, so nothing was sent; send less.",
  WALLET_SEND_UNKNOWN:
    "It is not known whether the payment was taken; look at `vivian wallet history` before you " +
    "send again: it counts within 10 minutes or never.",
  WALLET_NOT_CONFIRMED: "Not confirmed, so nothing was sent; answer y, or give --yes.",
  WALLET_SUBJECT_LABEL: "A subject's label has 1 to 128 bytes; give it a shorter one.",
  WALLET_SUBJECT_EXISTS: "You have a subject of that label; use it, or choose another label.",
  WALLET_SUBJECTS: "As many subjects are kept as this machine takes; erase one first.",
  WALLET_SUBJECT_UNKNOWN:
    "No key of that subject is kept here; look at `vivian private list`, or ask its owner for a " +
    "grant.",
  WALLET_SUBJECT_ERASED:
    "The keys of that subject were destroyed, so what was sealed under it cannot be read again; " +
    "begin a new subject.",
  WALLET_SUBJECT_EPOCH: "The key of that epoch is not kept here; ask the subject's owner.",
  WALLET_SUBJECT_EPOCHS: "The subject has used all its keys; go on under another subject.",
  WALLET_SUBJECT_FILE:
    "The file of that subject's keys is damaged and was left as it is; put back a copy.",
  WALLET_PAYMENTS:
    "A list of payments has 1 to 256 lines of an address and an amount, so nothing was sent; " +
    "correct the list.",
  WALLET_BOND_ROLE: "A bond is for a role; give --worker, --verifier or both.",
  WALLET_WORDS: "The words are too long for a record; shorten them.",
} as const;
