/** Codes of the ledger's rules on fees, bonds, keys, parameters and jobs. */
export const LEDGER_MONEY_CODES = {
  LEDGER_FEE_STATE:
    "What the record adds to the state costs more than its maximum fee, so it changed nothing; " +
    "raise the maximum and sign again.",
  LEDGER_TRANSFERS_EMPTY: "The record names no receiver; name at least one.",
  LEDGER_BOND_ROLES: "A bond is for working, verifying or both; state one of the three.",
  LEDGER_BOND_VRF_KEY:
    "The VRF key is no key anybody can prove with; state the verifier's own public key.",
  LEDGER_BOND_EMPTY: "The account has no bond yet; bond some VIV with its first record.",
  LEDGER_BOND_IN_FLIGHT:
    "The VRF key stays while units of the account are in flight; change it when they have ended.",
  LEDGER_BONDED_FULL: "As many accounts are bonded as the ledger takes; bond when one has left.",
  LEDGER_BOND_UNKNOWN: "The account has no bond; bond some VIV first.",
  LEDGER_BOND_SHORT:
    "The free part of the bond is below that; wait until units in flight have ended, or take less.",
  LEDGER_UNBOND_EMPTY: "The record takes nothing from the bond; state an amount above zero.",
  LEDGER_UNBONDINGS_FULL:
    "As many parts of this bond are on their way out as may be; wait until one is paid out.",
  LEDGER_KEY_NONE: "Nobody holds the key of the zero address; name a key that somebody has.",
  LEDGER_GOVERNOR: "Only the network's governor changes parameters; ask whoever that is.",
  LEDGER_PARAMETER_UNKNOWN: "No parameter that may be changed has this name; check the name.",
  LEDGER_PARAMETER_RANGE: "The value lies outside the parameter's range; choose one within it.",
  LEDGER_PARAMETER_EPOCH: "A change holds from a later epoch on; name one after the present.",
  LEDGER_EVIDENCE_FORM: "The evidence is not two votes; show the bytes of both.",
  LEDGER_EVIDENCE_NETWORK: "A vote of the evidence belongs to another network; report it there.",
  LEDGER_EVIDENCE_VALIDATOR:
    "The votes are not of one validator of this network; show two of the same one.",
  LEDGER_EVIDENCE_AGREES:
    "An honest validator may have signed both statements; there is nothing to punish.",
  LEDGER_EVIDENCE_SIGNATURE:
    "A vote of the evidence is not signed by that validator's key; show the bytes as they came.",
  LEDGER_EVIDENCE_KNOWN:
    "The validator was punished for this view already; nothing is left to report.",
  LEDGER_EVIDENCE_BOND:
    "The validator's account has nothing bonded that could be taken; report it when it has.",
  LEDGER_JOB_UNKNOWN: "No job in the state has this name; check it, or look in the history.",
  LEDGER_JOB_SPONSORED: "A sponsored job is paid by the network; fund a private one.",
  LEDGER_JOB_CLOSED: "The job has ended; submit another.",
  LEDGER_JOB_OWNER: "Only a job's owner ends it; let that account send the record.",
  LEDGER_JOB_ASSIGNED: "Somebody works on the job already, so it runs to its end; wait for it.",
  LEDGER_FUND_EMPTY: "The record adds nothing to the escrow; state an amount above zero.",
  LEDGER_COMMIT_BYTES: "The commit holds more bytes than one may; drop whoever sent it.",
  LEDGER_COMMIT_RESERVED:
    "The commit leaves less than a quarter of its room to reveals, verdicts and evidence; drop " +
    "whoever sent it.",
  LEDGER_GENESIS_RULES:
    "This folder's network was founded by an earlier version of the program under other rules, " +
    "and stays as it is; set VIVIAN_HOME to a new folder and start again to begin a new one " +
    "beside it.",
  LEDGER_CERTIFICATE_CLAIMED:
    "The certificate was claimed before; each counts once, so claim another.",
  LEDGER_CERTIFICATE_EMPTY: "The certificate stands for no energy; state its whole Wh.",
  LEDGER_CERTIFICATE_TIME:
    "The certificate's energy was generated in no time, or in time to come; state when it was.",
  LEDGER_ENERGY_TWICE: "The energy of this unit was stated already; what was stated first counts.",
  LEDGER_ENERGY_FORM:
    "The statement has no tier from 1 (E) to 5 (A), or ends before it begins; correct it.",
  LEDGER_ENERGY_MISSING:
    "The job demands to know what a result cost and the worker has not stated it; state the " +
    "unit's energy before opening the result.",
  LEDGER_ENERGY_TIER:
    "The worker's meter is of a lesser tier than the job demands; work on it with a better one.",
} as const;
