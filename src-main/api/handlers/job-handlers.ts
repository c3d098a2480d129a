/** Decides how the ledger's jobs are listed and shown, and which may be submitted by name. */

import { decode } from "../../codec/index.ts";
import type {
  JobDetail,
  JobState,
  JobSummary,
  Listing,
  OwnData,
  Quote,
  QuoteParams,
  UnitProgress,
  UnitResult,
  Weights,
} from "../../contract/control-api/index.ts";
import { bytesToHex } from "../../contract/bytes.ts";
import { accept, invariant, reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import { jobSpecificationCodec } from "../../learning/index.ts";
import type { JobSpecification } from "../../learning/index.ts";
import type { JobRow } from "../../ledger/index.ts";
import type { JobView, Node } from "../../node/index.ts";
import type { Handlers } from "../handlers.ts";

/** What the jobs' methods answer from. */
export interface JobNeeds {
  readonly node: Node;
  readonly listings: readonly Listing[];
  /** Submits a listed job; its record is final when this resolves. */
  readonly submit: (
    name: string,
    energyTier: number,
  ) => Promise<Outcome<{ job: Uint8Array; slot: bigint }>>;
  /** Imports data and says what training on it would be and cost. */
  readonly quote: (asked: QuoteParams) => Promise<Outcome<Quote>>;
  /** Submits a quoted job; its record is final when this resolves. */
  readonly order: (quote: string) => Promise<Outcome<{ job: Uint8Array; slot: bigint }>>;
  /** What is known of a data set of the owner's; null for any other. */
  readonly data: (root: Uint8Array) => OwnData | null;
  /** Where the trained weights of a job are, and what proves them. */
  readonly weights: (job: JobView) => Promise<Outcome<Weights>>;
  /** The unit in hand. */
  readonly progress: () => UnitProgress | null;
  /** The kept result of a unit. */
  readonly result: (unit: string) => UnitResult | null;
}

type JobMethods =
  | "job.listings"
  | "job.submit"
  | "job.quote"
  | "job.order"
  | "job.weights"
  | "job.list"
  | "job.show";

/** Jobs looked through for one that begins with given digits. */
const SEARCHED_JOBS_MAX = 1_000;

/** Units of one job that are looked at: it has one round and one shard for now. */
const UNITS_OF_JOB_MAX = 16;

/** Handlers of the jobs' methods. */
export function jobHandlers(needs: JobNeeds): Pick<Handlers, JobMethods> {
  const { node, listings } = needs;
  return {
    "job.listings": () => Promise.resolve(accept({ listings: [...listings] })),
    "job.submit": async ({ name, energyTier }) => {
      const submitted = await needs.submit(name, energyTier);
      if (!submitted.ok) return submitted;
      const { job, slot } = submitted.value;
      return accept({ job: bytesToHex(job), slot: Number(slot) });
    },
    "job.quote": (asked) => needs.quote(asked),
    "job.order": async ({ quote }) => {
      const ordered = await needs.order(quote);
      if (!ordered.ok) return ordered;
      const { job, slot } = ordered.value;
      return accept({ job: bytesToHex(job), slot: Number(slot) });
    },
    "job.weights": async ({ job }) => {
      const found = findJob(node, job);
      return found.ok ? await needs.weights(found.value) : found;
    },
    "job.list": ({ limit }) => {
      const jobs = node.jobs(limit).map((job) => summaryOf(needs, job));
      return Promise.resolve(accept({ jobs }));
    },
    "job.show": ({ job }) => Promise.resolve(showJob(needs, job)),
  };
}

/** How many of the newest jobs are open and how many have ended. */
export function countJobs(node: Node): { readonly open: number; readonly done: number } {
  const jobs = node.jobs(SEARCHED_JOBS_MAX);
  const open = jobs.filter((job) => job.status !== "closed").length;
  return { open, done: jobs.length - open };
}

/** The name a job is known by: its listing's, or that of the owner's data. */
export function jobNameOf(
  { node, data }: Pick<JobNeeds, "data" | "node">,
  job: Pick<JobRow, "listing" | "specification">,
): string {
  if (job.listing !== 0) return node.listing(job.listing)?.name ?? "unlisted";
  return data(specificationOf(job).datasetRoot)?.name ?? "private";
}

/** The job whose id begins with these digits. @rejects PROCESSES_JOB, PROCESSES_JOB_AMBIGUOUS */
function findJob(node: Node, digits: string): Outcome<JobView> {
  const found = node
    .jobs(SEARCHED_JOBS_MAX)
    .filter((candidate) => bytesToHex(candidate.id).startsWith(digits));
  if (found.length === 0) return reject("PROCESSES_JOB", { job: digits });
  if (found.length > 1) return reject("PROCESSES_JOB_AMBIGUOUS", { job: digits });
  return accept(found[0]);
}

function showJob(needs: JobNeeds, digits: string): Outcome<JobDetail> {
  const { node } = needs;
  const found = findJob(node, digits);
  if (!found.ok) return found;
  const job = found.value;
  const specification = specificationOf(job);
  const unit = node.unitsOf(job.id, 1).at(0);
  const progress = needs.progress();
  const isFinal = job.specificationHash.some((byte) => byte !== 0);
  return accept({
    ...summaryOf(needs, job),
    batchSize: specification.batchSize,
    segmentLength: specification.segmentLength,
    datasetRoot: bytesToHex(specification.datasetRoot),
    programHash: bytesToHex(specification.programHash),
    specificationHash: isFinal ? bytesToHex(job.specificationHash) : null,
    data: job.listing === 0 ? needs.data(specification.datasetRoot) : null,
    progress: progress?.job === bytesToHex(job.id) ? progress : null,
    result: unit === undefined ? null : needs.result(bytesToHex(unit.id)),
  });
}

function summaryOf(needs: JobNeeds, job: JobView): JobSummary {
  const { node } = needs;
  const specification = specificationOf(job);
  const slot = node.slotOf(job.id);
  return {
    job: bytesToHex(job.id),
    name: jobNameOf(needs, job),
    state: stateOf(node, job),
    sponsored: job.listing !== 0,
    createdSlot: slot === undefined ? null : Number(slot),
    priceBase: String(specification.unitPriceBase),
    steps: specification.steps,
  };
}

function stateOf(node: Node, job: JobView): JobState {
  if (job.status === "created") return "waiting";
  const units = node.unitsOf(job.id, UNITS_OF_JOB_MAX);
  if (job.status === "started") return units.length === 0 ? "waiting" : "working";
  const failed = units.some((unit) => unit.phase === "void" || unit.phase === "disputed");
  return failed ? "voided" : "done";
}

/** The specification a job carries; the one submitted until the job starts, then the final one. */
export function specificationOf(job: Pick<JobRow, "specification">): JobSpecification {
  const read = decode(jobSpecificationCodec, job.specification);
  invariant(read.ok, "a job in the state carries a sound specification");
  return read.value;
}
