/**
 * Decides what a code means in words. Each room lists its codes in `codes/<room>.ts` as one
 * sentence, "what happened; what to do next"; here they become one table.
 */

import { API_CODES } from "./codes/api.ts";
import { BLOB_CODES } from "./codes/blob.ts";
import { CODEC_CODES } from "./codes/codec.ts";
import { CONSENSUS_CODES } from "./codes/consensus.ts";
import { CRYPTO_CODES } from "./codes/crypto.ts";
import { CUDA_ENGINE_CODES } from "./codes/cuda-engine.ts";
import { DATA_IMPORT_CODES } from "./codes/data-import.ts";
import { DATASET_CODES } from "./codes/dataset.ts";
import { ENERGY_RULES_CODES } from "./codes/energy-rules.ts";
import { ENERGY_CODES } from "./codes/energy.ts";
import { ENERGY_REPORT_CODES } from "./codes/energy-report.ts";
import { ENGINE_KERAS_CODES } from "./codes/engine-keras.ts";
import { ENGINE_CODES } from "./codes/engine.ts";
import { EXPORT_CODES } from "./codes/export.ts";
import { FLOAT_ENGINE_CODES } from "./codes/float-engine.ts";
import { GRID_SIGNALS_CODES } from "./codes/grid-signals.ts";
import { LEARNING_CODES } from "./codes/learning.ts";
import { LEDGER_MONEY_CODES } from "./codes/ledger-money.ts";
import { LEDGER_CODES } from "./codes/ledger.ts";
import { MACHINE_CODES } from "./codes/machine.ts";
import { METERS_CODES } from "./codes/meters.ts";
import { MINER_CODES } from "./codes/miner.ts";
import { MODEL_FILE_CODES } from "./codes/model-file.ts";
import { NATIVE_CRYPTO_CODES } from "./codes/native-crypto.ts";
import { NATIVE_ENGINE_CODES } from "./codes/native-engine.ts";
import { NODE_CODES } from "./codes/node.ts";
import { PROCESSES_CODES } from "./codes/processes.ts";
import { SEARCH_CODES } from "./codes/search.ts";
import { SETUP_CODES } from "./codes/setup.ts";
import { SHELL_CODES } from "./codes/shell.ts";
import { SNAPSHOT_CODES } from "./codes/snapshot.ts";
import { STORE_CODES } from "./codes/store.ts";
import { TELEMETRY_CODES } from "./codes/telemetry.ts";
import { WALLET_CODES } from "./codes/wallet.ts";
import { WASM_ENGINE_CODES } from "./codes/wasm-engine.ts";
import { WEBGPU_ENGINE_CODES } from "./codes/webgpu-engine.ts";

/** The lists of codes, each with the name of what says them. */
export const CODE_LISTS: readonly {
  readonly title: string;
  readonly codes: Readonly<Record<string, string>>;
}[] = [
  { title: "Calls and the page", codes: API_CODES },
  { title: "Commands and the daemon", codes: PROCESSES_CODES },
  { title: "Set-up", codes: SETUP_CODES },
  { title: "The window", codes: SHELL_CODES },
  { title: "Keys, wallets and payments", codes: WALLET_CODES },
  { title: "Your own data", codes: DATA_IMPORT_CODES },
  { title: "Data sets", codes: DATASET_CODES },
  { title: "Disk: the ledger", codes: STORE_CODES },
  { title: "Snapshots", codes: SNAPSHOT_CODES },
  { title: "Exported ledgers", codes: EXPORT_CODES },
  { title: "Disk: blobs", codes: BLOB_CODES },
  { title: "Work units", codes: MINER_CODES },
  { title: "Devices", codes: MACHINE_CODES },
  { title: "Energy", codes: ENERGY_CODES },
  { title: "Rules and protections", codes: ENERGY_RULES_CODES },
  { title: "Grid signals", codes: GRID_SIGNALS_CODES },
  { title: "Telemetry", codes: TELEMETRY_CODES },
  { title: "Meters", codes: METERS_CODES },
  { title: "Energy reports", codes: ENERGY_REPORT_CODES },
  { title: "The native engine", codes: NATIVE_ENGINE_CODES },
  { title: "The engine as WebAssembly", codes: WASM_ENGINE_CODES },
  { title: "The engine on graphics devices", codes: WEBGPU_ENGINE_CODES },
  { title: "The engine on CUDA devices", codes: CUDA_ENGINE_CODES },
  { title: "The float engine", codes: FLOAT_ENGINE_CODES },
  { title: "Signatures in native code", codes: NATIVE_CRYPTO_CODES },
  { title: "Models and programs", codes: ENGINE_CODES },
  { title: "Models of Keras and TensorFlow.js", codes: ENGINE_KERAS_CODES },
  { title: "Files of models", codes: MODEL_FILE_CODES },
  { title: "Proofs of learning", codes: LEARNING_CODES },
  { title: "Records, commits and receipts", codes: LEDGER_CODES },
  { title: "Fees, bonds, parameters and jobs", codes: LEDGER_MONEY_CODES },
  { title: "The node", codes: NODE_CODES },
  { title: "Reading the index faster", codes: SEARCH_CODES },
  { title: "Signing", codes: CONSENSUS_CODES },
  { title: "Bytes", codes: CODEC_CODES },
  { title: "Keys, addresses and trees", codes: CRYPTO_CODES },
];

/** Every permanent code with its sentence. */
export const CODES: Readonly<Record<string, string>> = Object.fromEntries(
  CODE_LISTS.flatMap(({ codes }) => Object.entries(codes)),
);

/** For refusals that no act of the reader mends: what another party sent does not hold. */
const NOTHING_TO_DO = "Nothing here can mend that; the daemon's log has the details.";

/** What a code says: what happened, and what to do next. */
export interface Explanation {
  readonly what: string;
  readonly next: string;
}

/** The words for a code; an unknown one (a newer peer's) says so instead of failing. */
export function explainCode(code: string): Explanation {
  const sentence = Object.hasOwn(CODES, code) ? CODES[code] : undefined;
  if (sentence === undefined) {
    return { what: `Refused with the code ${code}.`, next: "Update to learn what it means." };
  }
  const split = sentence.indexOf("; ");
  if (split < 0) return { what: sentence, next: NOTHING_TO_DO };
  const next = sentence.slice(split + 2);
  return { what: `${sentence.slice(0, split)}.`, next: next[0].toUpperCase() + next.slice(1) };
}

/** Facts as "name value, name value"; empty text when there are none. */
export function factsText(facts: Readonly<Record<string, string | number | boolean>>): string {
  return Object.entries(facts)
    .map(([name, value]) => `${name} ${String(value)}`)
    .join(", ");
}
