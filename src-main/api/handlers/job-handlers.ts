/** Decides how the ledger's jobs are listed and shown, and which may be submitted by name. */

import { decode } from "../../codec/index.ts";
import type {
  JobDetail,
  JobState,
  JobSummary,
  Listing,
  UnitProgress,
  UnitResult,
} from "../../contract/control-api/index.ts";
import { bytesToHex } from "../../contract/bytes.ts";
import { accept, invariant, reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import { jobSpecificationCodec } from "../../learning/index.ts";
import type { JobSpecification } from "../../learning/index.ts";
import type { JobView, Node } from "../../node/index.ts";
import type { Handlers } from "../handlers.ts";

/** What the jobs' methods answer from. */
export interface JobNeeds {
  readonly node: Node;
  readonly listings: readonly Listing[];
  /** Submits a listed job; its record is final when this resolves. */
  readonly submit: (name: string) => Promise<Outcome<{ job: Uint8Array; slot: bigint }>>;
  /** The unit in hand. */
  readonly progress: () => UnitProgress | null;
  /** The kept result of a unit. */
  readonly result: (unit: string) => UnitResult | null;
}

type JobMethods = "job.listings" | "job.submit" | "job.list" | "job.show";

/** Jobs looked through for one that begins with given digits. */
const SEARCHED_JOBS_MAX = 1_000;

/** Units of one job that are looked at: it has one round and one shard for now. */
const UNITS_OF_JOB_MAX = 16;

/** Handlers of the jobs' methods. */
export function jobHandlers(needs: JobNeeds): Pick<Handlers, JobMethods> {
  const { node, listings } = needs;
  return {
    "job.listings": () => Promise.resolve(accept({ listings: [...listings] })),
    "job.submit": async ({ name }) => {
      const submitted = await needs.submit(name);
      if (!submitted.ok) return submitted;
      const { job, slot } = submitted.value;
      return accept({ job: bytesToHex(job), slot: Number(slot) });
    },
    "job.list": ({ limit }) => {
      const jobs = node.jobs(limit).map((job) => summaryOf(node, job));
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

/** The name a job is known by: its listing's. */
export function listingName(node: Node, listing: number): string {
  return listing === 0 ? "private" : (node.listing(listing)?.name ?? "unlisted");
}

function showJob(needs: JobNeeds, digits: string): Outcome<JobDetail> {
  const { node } = needs;
  const found = node
    .jobs(SEARCHED_JOBS_MAX)
    .filter((candidate) => bytesToHex(candidate.id).startsWith(digits));
  if (found.length === 0) return reject("PROCESSES_JOB", { job: digits });
  if (found.length > 1) return reject("PROCESSES_JOB_AMBIGUOUS", { job: digits });
  const [job] = found;
  const specification = specificationOf(job);
  const unit = node.unitsOf(job.id, 1).at(0);
  const progress = needs.progress();
  const isFinal = job.specificationHash.some((byte) => byte !== 0);
  return accept({
    ...summaryOf(node, job),
    batchSize: specification.batchSize,
    segmentLength: specification.segmentLength,
    datasetRoot: bytesToHex(specification.datasetRoot),
    programHash: bytesToHex(specification.programHash),
    specificationHash: isFinal ? bytesToHex(job.specificationHash) : null,
    progress: progress?.job === bytesToHex(job.id) ? progress : null,
    result: unit === undefined ? null : needs.result(bytesToHex(unit.id)),
  });
}

function summaryOf(node: Node, job: JobView): JobSummary {
  const specification = specificationOf(job);
  const slot = node.slotOf(job.id);
  return {
    job: bytesToHex(job.id),
    name: listingName(node, job.listing),
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

function specificationOf(job: JobView): JobSpecification {
  const read = decode(jobSpecificationCodec, job.specification);
  invariant(read.ok, "a job in the state carries a sound specification");
  return read.value;
}
