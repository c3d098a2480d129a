/** `vivian ledger row`: one row of the state by its table and id, checked in the command. */

import { Argument } from "commander";
import type { Command } from "commander";

import { nativeSha256 } from "../../adapters/native-crypto/sha256.ts";
import { decode } from "../../codec/index.ts";
import { bytesToHex, hexToBytes } from "../../contract/bytes.ts";
import { ROW_TABLES } from "../../contract/control-api/index.ts";
import type { RowTable } from "../../contract/control-api/index.ts";
import { reject } from "../../contract/outcome.ts";
import { formatCount } from "../../contract/units.ts";
import {
  ACCOUNTS,
  ANCHORS,
  CERTIFICATES,
  ENCRYPTION_KEYS,
  FEEDS,
  JOBS,
  KEYS,
  LANES,
  PARAMETERS,
  PUBLICATIONS,
  stateProofCodec,
  UNBONDINGS,
  UNIT_ENERGIES,
  UNITS,
  WORKERS,
} from "../../ledger/index.ts";
import type { Table } from "../../ledger/index.ts";
import { checkRow } from "../../ledger/light/index.ts";
import { readGenesis } from "../read-genesis.ts";
import { need } from "./failure.ts";
import { followLedger } from "./follow-ledger.ts";
import type { Followed } from "./follow-ledger.ts";
import { rowFields } from "./row-fields.ts";
import { answer, openSession, withDaemon } from "./session.ts";
import { pairs } from "./table.ts";

/** Every table that a daemon serves, with the form of its rows. */
const TABLES = {
  accounts: ACCOUNTS,
  lanes: LANES,
  workers: WORKERS,
  keys: KEYS,
  unbondings: UNBONDINGS,
  anchors: ANCHORS,
  "encryption-keys": ENCRYPTION_KEYS,
  feeds: FEEDS,
  jobs: JOBS,
  units: UNITS,
  publications: PUBLICATIONS,
  parameters: PARAMETERS,
  certificates: CERTIFICATES,
  "unit-energies": UNIT_ENERGIES,
} as const satisfies Readonly<Record<RowTable, Table<never> | object>>;

/** What is shown of a row. */
interface ShownRow {
  readonly table: RowTable;
  readonly id: string;
  /** False where the state is proved to hold none. */
  readonly present: boolean;
  readonly fields: Readonly<Record<string, string>>;
  readonly bytes: string | null;
  readonly commit: number;
  readonly trust: Followed["basis"];
  readonly verified: true;
}

/** Adds the verb. */
export function addLedgerRow(ledger: Command): void {
  ledger
    .command("row")
    .addArgument(new Argument("<table>", "which table").choices(ROW_TABLES))
    .argument("<id>", "the row's id in hex: an address, a digest, a job, a unit, …")
    .option("--json", "answer as JSON")
    .description("show one row of the state, or that there is none, checked here")
    .addHelpText("after", ROW_EXAMPLES)
    .action(async (table: RowTable, id: string, options: { json?: boolean }) => {
      const session = openSession(options);
      const genesis = readGenesis(session.folder.genesis);
      if (genesis === null) {
        need(reject("PROCESSES_NO_LEDGER", { folder: session.folder.network }));
        return;
      }
      await withDaemon(session, async (client) => {
        const { view, basis } = need(await followLedger(client, genesis, Date.now()));
        const commit = Number(view.number);
        const asked = { table, id: id.replace(/^0x/, "").toLowerCase() };
        const [claim] = need(await client.call("ledger.rows", { commit, rows: [asked] })).rows;
        if (claim === undefined) {
          need(reject("LEDGER_LIGHT_STATE", { table }));
          return;
        }
        const proof = need(decode(stateProofCodec, hexToBytes(claim.proof)));
        const bytes = claim.bytes === null ? undefined : hexToBytes(claim.bytes);
        const form = TABLES[table] as Table<unknown>;
        const given = { bytes, proof };
        const row = need(checkRow(nativeSha256, view, form, hexToBytes(asked.id), given));
        const shown: ShownRow = {
          ...asked,
          present: row !== undefined,
          fields: row === undefined ? {} : rowFields(row),
          bytes: bytes === undefined ? null : bytesToHex(bytes),
          commit,
          trust: basis,
          verified: true,
        };
        answer(session, shown, rowLines(shown));
      });
    });
}

const ROW_EXAMPLES = `
Examples:
  vivian ledger row certificates <digest of the certificate>
  vivian ledger row unit-energies <unit> --json`;

function rowLines({ table, id, present, fields, commit }: ShownRow): string[] {
  const where = `as the state has it that commit ${formatCount(commit)} names, checked here`;
  if (!present) return [`No row ${id} in ${table}, ${where}.`];
  return [`Row ${id} of ${table}, ${where}:`, ...pairs(Object.entries(fields))];
}
