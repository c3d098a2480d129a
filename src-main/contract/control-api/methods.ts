/**
 * Decides which calls the daemon answers: one table with the schema of what goes in and what
 * comes out. Types of both sides derive from it, both sides check against it at run time.
 */

import { z } from "zod";

import {
  accountKeysSchema,
  pricesSchema,
  publicationSchema,
  publicationsSchema,
  readerParamsSchema,
  readerSchema,
  submitParamsSchema,
} from "./account-records.ts";
import { concentrationSchema } from "./concentration.ts";
import { devicesSchema } from "./device.ts";
import { ENERGY_METHODS } from "./energy-methods.ts";
import { ENERGY_REPORT_METHODS } from "./energy-report.ts";
import { jobDetailSchema, jobSummarySchema, listingSchema, unitCurveSchema } from "./job.ts";
import {
  genesisDocumentSchema,
  ledgerProofSchema,
  ledgerRecordSchema,
  ledgerReportSchema,
  outcomeProofSchema,
  prunedSchema,
  sizeProofSchema,
  stateAnswerSchema,
} from "./ledger.ts";
import { LIGHT_METHODS } from "./light-methods.ts";
import { LIMITS_METHODS } from "./limits.ts";
import {
  searchAnswerSchema,
  searchParamsSchema,
  searchProofParamsSchema,
  searchProofSchema,
} from "./search.ts";
import { energyTierSchema, quoteParamsSchema, quoteSchema, weightsSchema } from "./own-job.ts";
import { openedPageSchema, openParamsSchema } from "./page.ts";
import type { SessionLevel } from "./page.ts";
import { addressSchema, countSchema, digestSchema } from "./scalars.ts";
import {
  paidSchema,
  payParamsSchema,
  paymentPreviewSchema,
  previewParamsSchema,
  walletListSchema,
  walletOrderParamsSchema,
} from "./spend.ts";
import { RULES_METHODS } from "./rules.ts";
import { mineStatusSchema, statusSchema } from "./status.ts";
import { TELEMETRY_METHODS } from "./telemetry.ts";
import {
  accountParamsSchema,
  accountSchema,
  historyEntrySchema,
  historyParamsSchema,
  receiptSchema,
  sendParamsSchema,
  sentSchema,
  walletSchema,
} from "./wallet.ts";

/** Version of the control API; a client of another version is told to update. */
export const CONTROL_API_VERSION = 1;

const nothing = z.strictObject({});
const bySlot = z.strictObject({ slot: countSchema });

/** A job by its id, or by the first digits of it. */
const jobReference = z.string().regex(/^[0-9a-f]{4,64}$/);

/** Entries of one answer: keeps it far below a message's size. */
const LIST_MAX = 200;
const limit = z.int().min(1).max(LIST_MAX).default(20);

/**
 * Who may call: a session of the page of at least this level. The owner's socket may do
 * everything, `socket` methods included, which no page can reach.
 */
export type MethodLevel = SessionLevel | "socket";

/** What every line of the table has. */
interface Method {
  readonly level: MethodLevel;
  readonly about: string;
  readonly params: z.ZodObject;
  readonly result: z.ZodType;
}

/**
 * Every call by name: the least level that may call it, what it takes, what it gives, and one
 * line for the published schema.
 */
export const METHODS = {
  version: {
    level: "view",
    about: "Which program answers.",
    params: nothing,
    result: z.strictObject({
      version: z.string().max(64),
      api: countSchema,
      node: z.string().max(32),
      network: z.string().max(64),
    }),
  },
  status: {
    level: "view",
    about: "What the daemon is doing now.",
    params: nothing,
    result: statusSchema,
  },
  shutdown: {
    level: "operate",
    about: "Ends the daemon cleanly; work in hand is kept and goes on at the next start.",
    params: nothing,
    // Whoever asked may wait for the process: until it has ended it holds its log.
    result: z.strictObject({ stopping: z.literal(true), pid: countSchema }),
  },
  devices: {
    level: "view",
    about: "The machine's devices and what each can do here.",
    params: nothing,
    result: devicesSchema,
  },
  ...TELEMETRY_METHODS,
  ...RULES_METHODS,
  ...LIMITS_METHODS,
  "mine.start": {
    level: "operate",
    about: "Takes on work.",
    params: nothing,
    result: mineStatusSchema,
  },
  "mine.pause": {
    level: "operate",
    about: "Stops work now.",
    params: nothing,
    result: mineStatusSchema,
  },
  "mine.finish": {
    level: "operate",
    about: "Ends the unit in hand, then pauses.",
    params: nothing,
    result: mineStatusSchema,
  },
  "unit.curve": {
    level: "view",
    about: "Loss and accuracy of the newest unit since the daemon took it up; none of any other.",
    params: z.strictObject({ unit: digestSchema }),
    result: unitCurveSchema,
  },
  "job.listings": {
    level: "view",
    about: "The sponsored jobs anyone may submit.",
    params: nothing,
    result: z.strictObject({ listings: z.array(listingSchema).max(256) }),
  },
  "job.submit": {
    level: "operate",
    about: "Submits a sponsored job by its name.",
    params: z.strictObject({ name: z.string().min(1).max(64), energyTier: energyTierSchema }),
    result: z.strictObject({ job: digestSchema, slot: countSchema }),
  },
  "job.quote": {
    level: "operate",
    about: "Imports the owner's data and says what training on it would be and cost.",
    params: quoteParamsSchema,
    result: quoteSchema,
  },
  "job.order": {
    level: "spend",
    about: "Submits a job quoted for the owner's account; its price moves into escrow.",
    params: z.strictObject({ quote: digestSchema }),
    result: z.strictObject({ job: digestSchema, slot: countSchema }),
  },
  "job.weights": {
    level: "view",
    about: "Where the trained weights of a job are, and what proves them.",
    params: z.strictObject({ job: jobReference }),
    result: weightsSchema,
  },
  "job.list": {
    level: "view",
    about: "Jobs, newest first.",
    params: z.strictObject({ limit }),
    result: z.strictObject({ jobs: z.array(jobSummarySchema).max(LIST_MAX) }),
  },
  "job.show": {
    level: "view",
    about: "One job in full.",
    params: z.strictObject({ job: jobReference }),
    result: jobDetailSchema,
  },
  "wallet.show": {
    level: "view",
    about: "This machine's accounts.",
    params: nothing,
    result: walletSchema,
  },
  "wallet.history": {
    level: "view",
    about: "What happened to this machine's accounts, or to a named one, newest first.",
    params: historyParamsSchema.extend({ limit }),
    result: z.strictObject({ entries: z.array(historyEntrySchema).max(LIST_MAX) }),
  },
  "wallet.account": {
    level: "view",
    about: "Any account's balance, and the nonce its next record has in a lane.",
    params: accountParamsSchema,
    result: accountSchema,
  },
  "wallet.send": {
    level: "spend",
    about: "Takes a transfer that its account has signed; answers when it is final.",
    params: sendParamsSchema,
    result: sentSchema,
  },
  "wallet.list": {
    level: "view",
    about: "The wallets a person made in this data folder, with their balances.",
    params: nothing,
    result: walletListSchema,
  },
  "wallet.preview": {
    level: "operate",
    about: "What a payment from a wallet would be: fee, what is left, why it would be refused.",
    params: previewParamsSchema,
    result: paymentPreviewSchema,
  },
  "wallet.pay": {
    level: "spend",
    about: "Makes a previewed payment with the wallet's password; answers when it is final.",
    params: payParamsSchema,
    result: paidSchema,
  },
  "wallet.order": {
    level: "spend",
    about: "Submits a job that was quoted for a wallet, with the wallet's password.",
    params: walletOrderParamsSchema,
    result: z.strictObject({ job: digestSchema, slot: countSchema }),
  },
  "wallet.receipt": {
    level: "view",
    about: "A receipt of one slot, written to a file and checked.",
    params: bySlot,
    result: receiptSchema,
  },
  "ledger.genesis": {
    level: "view",
    about: "The network's genesis document, which a receipt is checked against.",
    params: nothing,
    result: genesisDocumentSchema,
  },
  "ledger.get": {
    level: "view",
    about: "The record in a slot.",
    params: bySlot,
    result: ledgerRecordSchema,
  },
  "ledger.prove": {
    level: "view",
    about: "The proof that a slot is part of the certified ledger.",
    params: bySlot,
    result: ledgerProofSchema,
  },
  "ledger.prices": {
    level: "view",
    about: "What records cost in the next commit.",
    params: nothing,
    result: pricesSchema,
  },
  "ledger.submit": {
    level: "socket",
    about: "Passes on a record that was signed elsewhere; answers once it is final.",
    params: submitParamsSchema,
    result: sentSchema,
  },
  "ledger.reader": {
    level: "view",
    about: "Who owns a subject, and which keys of it a reader was given.",
    params: readerParamsSchema,
    result: readerSchema,
  },
  "ledger.account-keys": {
    level: "view",
    about: "What an account published for others to seal to it, and its newest energy root.",
    params: z.strictObject({ address: addressSchema }),
    result: accountKeysSchema,
  },
  "ledger.publications": {
    level: "view",
    about: "What was published, newest first.",
    params: z.strictObject({ limit }),
    result: publicationsSchema,
  },
  "ledger.publication": {
    level: "view",
    about: "The publication in a slot; null when nothing was published there.",
    params: bySlot,
    result: z.strictObject({ publication: publicationSchema.nullable() }),
  },
  "ledger.search": {
    level: "view",
    about: "Publications near to words or to a vector, nearest first.",
    params: searchParamsSchema,
    result: searchAnswerSchema,
  },
  "ledger.search-proof": {
    level: "view",
    about: "A search of one collection from the committed index, with what shows it to be whole.",
    params: searchProofParamsSchema,
    result: searchProofSchema,
  },
  "ledger.consistency": {
    level: "view",
    about: "The proof that nothing before a size of the ledger was changed since.",
    params: z.strictObject({ since: countSchema }),
    result: sizeProofSchema,
  },
  "ledger.outcome": {
    level: "view",
    about: "What became of a slot, with its proof; of pruned slots too.",
    params: bySlot,
    result: outcomeProofSchema,
  },
  "ledger.state": {
    level: "view",
    about: "An account after a commit, or that there was none, with its proof.",
    params: z.strictObject({ account: addressSchema, commit: countSchema.optional() }),
    result: stateAnswerSchema,
  },
  "ledger.concentration": {
    level: "view",
    about: "How votes, bonds, paid work and balances are spread over accounts.",
    params: nothing,
    result: concentrationSchema,
  },
  ...LIGHT_METHODS,
  ...ENERGY_METHODS,
  ...ENERGY_REPORT_METHODS,
  "ledger.prune": {
    level: "socket",
    about: "Drops the records below a slot from this folder; hashes and outcomes stay.",
    params: z.strictObject({ below: countSchema }),
    result: prunedSchema,
  },
  "ledger.verify": {
    level: "view",
    about: "Re-checks the whole ledger from disk.",
    params: nothing,
    result: ledgerReportSchema,
  },
  subscribe: {
    level: "view",
    about: "Sends the status now, and from then on its changed fields.",
    params: z.strictObject({ topic: z.literal("status") }),
    result: z.strictObject({ status: statusSchema }),
  },
  "page.open": {
    level: "socket",
    about: "Writes a file that opens the page with a code that counts once, for a minute.",
    params: openParamsSchema,
    result: openedPageSchema,
  },
  "rpc.discover": {
    level: "view",
    about: "This document: every method with its parameters and its result, as OpenRPC.",
    params: nothing,
    result: z.looseObject({ openrpc: z.literal("1.3.2"), methods: z.array(z.unknown()) }),
  },
} as const satisfies Readonly<Record<string, Method>>;

export type MethodName = keyof typeof METHODS;
/** What a caller may leave out (fields with a default) is optional here. */
export type MethodParams<M extends MethodName> = z.input<(typeof METHODS)[M]["params"]>;
/** What a handler receives: defaults are filled in. */
export type CheckedParams<M extends MethodName> = z.output<(typeof METHODS)[M]["params"]>;
export type MethodResult<M extends MethodName> = z.output<(typeof METHODS)[M]["result"]>;
