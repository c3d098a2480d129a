/**
 * Decides what is said to be safe when a code is told: what was not changed, or what is kept. A
 * sentence holds for all codes that begin with its words, unless a longer beginning has its own.
 */

const IN_DOUBT =
  "What is stored stays stored; whether this call was carried out is not known, so look first.";
const REPORT_READ = "Everything; a report is only read, and what was counted stays as it is.";
const CLAIM = "Every claim that stands, and every balance but the fee of this record.";
const PRICE_BACK = "The price, which went back to where it came from.";
const STARTLESS = "Ledger, keys and balance; all that was stored before is kept.";
const KEPT = "Ledger, keys and balance; the steps saved so far go on at the next start.";
const EARLIER = "Ledger, keys, receipts and all earlier pay; only what is damaged is not used.";
const WAITS = "The work in hand, which goes on from its last step; ledger, keys and balance.";
const OTHER_DEVICE = "Ledger, keys and balance; any other device goes on to the same bits.";
const ONLY_READ = "The data, which is only read, and the balance; no job was submitted.";

const SAFE: Readonly<Record<string, string>> = {
  API: "The call was refused before it was carried out; nothing was changed.",
  API_CLOSED: IN_DOUBT,
  API_INTERNAL: IN_DOUBT,
  API_METRICS_LISTEN: STARTLESS,
  API_MESSAGE_SIZE:
    "A call that is too long was not carried out; where the answer is, only the answer is missing.",
  API_OPEN_FILE: STARTLESS,
  API_PAGE_FAILED: STARTLESS,
  API_PORT_TAKEN: STARTLESS,
  API_RESPONSE: IN_DOUBT,
  API_RESULT: IN_DOUBT,
  API_SOCKET: STARTLESS,
  API_TIMEOUT: IN_DOUBT,
  BLOB: "Every other blob; a blob is whole under its name or is not given.",
  CODEC: "Everything; the bytes were refused before anything was done with them.",
  CONSENSUS: "The ledger; nothing that contradicts an earlier signature leaves this machine.",
  CRYPTO: "Everything; nothing is done with a key, an address or an edge that was refused.",
  DATASET: "Ledger, keys and balance; no step is computed on data that was not checked.",
  DATA_IMPORT: ONLY_READ,
  ENGINE: "Ledger, keys and balance; nothing is computed on from what was refused.",
  EXPORT: "The folder here and every balance; an export is only read.",
  FLOAT_ENGINE: "Everything; the float engine only compares, and never computes what is paid.",
  GRID_SIGNALS: "Everything that was counted; only factors, prices and what rests on them wait.",
  LEARNING: "The ledger and the job's price; a proof that is refused is not paid.",
  LEDGER:
    "Every balance: refused before a commit a record changes nothing, within one it spends its " +
    "fee and nonce and nothing else.",
  LEDGER_CERTIFICATE: "The ledger; nothing is taken on a certificate that does not hold.",
  LEDGER_CERTIFICATE_CLAIMED: CLAIM,
  LEDGER_CERTIFICATE_EMPTY: CLAIM,
  LEDGER_CERTIFICATE_TIME: CLAIM,
  LEDGER_COMMIT: "The ledger here; a commit is checked whole before any of it is stored.",
  LEDGER_COMMITMENT_MISMATCH: "Every balance; what the verifier committed to stays binding.",
  LEDGER_INNER_MISMATCH: "The job's price, which is not paid out; both bonds are held.",
  LEDGER_NO_WORKER: PRICE_BACK,
  LEDGER_OPENING_MISSED: PRICE_BACK,
  LEDGER_LIGHT: "The ledger and every balance; what was not proved is only not shown as verified.",
  LEDGER_RECEIPT: "The ledger and what was paid; only this receipt proves nothing.",
  LEDGER_REVEAL_MISSED: PRICE_BACK,
  LEDGER_SEAL_MISSED: PRICE_BACK,
  LEDGER_VERDICT_MISSED: PRICE_BACK,
  LEDGER_VERDICT_OPEN_MISSED: PRICE_BACK,
  MACHINE: "Everything; devices are only looked at.",
  METERS: "Everything; a meter is only read, and what was not counted is not filled in.",
  MINER: KEPT,
  MINER_JOB: "The balance; no job was submitted.",
  MINER_NOT_EXACT: "Ledger, keys and balance; no result that is not exact is sealed.",
  MINER_VERDICT_DAMAGED: EARLIER,
  MINER_WORK_DAMAGED: EARLIER,
  MINER_SUBMIT: "Keys, and the balance but for fees of records that were taken.",
  MODEL_FILE: "Everything; files that are there are only read, and none is written over.",
  NATIVE_CRYPTO: "Everything; every way to check gives the same verdicts, only slower.",
  NATIVE_ENGINE: "Everything; the reference engine gives the same bits, only slower.",
  NODE: "The ledger and every balance; nothing was added and no fee was spent.",
  NODE_STOPPED: "The ledger; whether a record that waited was still taken, its nonce shows.",
  NODE_VERIFY: "The folder as it is; checking changes nothing in it.",
  PROCESSES: "Ledger, keys and balance; the command ended before it changed anything.",
  PROCESSES_CONFIG: "Everything; settings are read before anything is opened.",
  PROCESSES_DAEMON_ENDED: KEPT,
  PROCESSES_DAEMON_START: STARTLESS,
  PROCESSES_DISK_FULL: "All that was stored; what could not be written whole is not used.",
  PROCESSES_ENDING: KEPT,
  PROCESSES_HOME: "All that was stored; what could not be written whole is not used.",
  PROCESSES_IMPORT: ONLY_READ,
  PROCESSES_INTERNAL: IN_DOUBT,
  PROCESSES_INTERRUPTED: KEPT,
  PROCESSES_OUTPUT: "The trained weights, which stay in the data folder.",
  PROCESSES_RESULT_DAMAGED: EARLIER,
  PROCESSES_STOP_SLOW: KEPT,
  PROCESSES_UNIT_VOIDED: "Ledger and keys; the code beside this one says where the price went.",
  SEARCH: "Everything; the committed index answers, only slower.",
  SETUP: "The data folder, which set-up leaves alone; running it again goes on where it stopped.",
  SHELL: "Everything; the window only shows, and the daemon goes on without it.",
  SHELL_DAEMON: KEPT,
  SHELL_PROGRAM: STARTLESS,
  SHELL_START: STARTLESS,
  SNAPSHOT: "The folder, which a snapshot that is not sound leaves as it is.",
  STORE: "Every commit that was acknowledged; one that was not is dropped whole.",
  STORE_DAMAGED: "What stands before the named place; keep the folder until a backup is back.",
  ENERGY_DAY_CLOSED: "Every closed day; what was counted since goes into the first open row.",
  ENERGY_OFF: "Everything else; work, ledger and balance do not need energy to be counted.",
  ENERGY_CAP: WAITS,
  ENERGY_DEVICE_OFF: WAITS,
  ENERGY_PROTECTION: WAITS,
  ENERGY_RULE_KEY: STARTLESS,
  ENERGY_RULE_PAUSED: WAITS,
  ENERGY_RULE_VALUE: STARTLESS,
  ENERGY_ANCHOR: REPORT_READ,
  ENERGY_CERTIFICATE: REPORT_READ,
  ENERGY_CHAIN: REPORT_READ,
  ENERGY_CLOCK: REPORT_READ,
  ENERGY_INTERVAL: REPORT_READ,
  ENERGY_NAMEPLATE: REPORT_READ,
  ENERGY_REGISTER: REPORT_READ,
  ENERGY_REPORT: REPORT_READ,
  ENERGY_ROWS: REPORT_READ,
  ENERGY_SIGNATURE: REPORT_READ,
  ENERGY_SOURCE: REPORT_READ,
  ENERGY_STORAGE: REPORT_READ,
  ENERGY_SUN: REPORT_READ,
  ENERGY_TOTALS: REPORT_READ,
  ENERGY_WORK: REPORT_READ,
  ENERGY_SPAN: "Everything that was counted; it is only not shown.",
  TELEMETRY: "Everything that counts: work, ledger, keys; only what is shown of devices is less.",
  WALLET: "Keys, wallets and balance; nothing was sent and no wallet was changed.",
  WALLET_SEND_UNKNOWN: "Keys and wallets; the payment counts once or never, not twice.",
  WASM_ENGINE: "Everything; the reference engine gives the same bits, only slower.",
  WEBGPU_ENGINE: OTHER_DEVICE,
  CUDA_ENGINE: OTHER_DEVICE,
};

/** What is safe when this code is told; empty for a code of no known list. */
export function safeWith(code: string): string {
  for (let words = code.split("_"); words.length > 0; words = words.slice(0, -1)) {
    const beginning = words.join("_");
    if (Object.hasOwn(SAFE, beginning)) return SAFE[beginning];
  }
  return "";
}

/** The beginnings that have a sentence; each is that of a code, which a test holds. */
export const SAFE_BEGINNINGS: readonly string[] = Object.keys(SAFE);
