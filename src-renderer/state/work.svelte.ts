/**
 * Decides what is known of jobs and their units, and what a unit's life looks like in the ledger:
 * its records and the effects that name it, each with its slot.
 */

import type { JobDetail, JobSummary, Listing } from "../../src-main/contract/control-api/job.ts";
import type { LedgerRecord } from "../../src-main/contract/control-api/ledger.ts";
import { shortHex } from "../../src-main/contract/units.ts";
import { accept } from "../../src-main/contract/outcome.ts";
import type { Answer } from "../bridge/daemon-link.ts";
import type { Daemon } from "./daemon.svelte.ts";
import { Loader } from "./loader.svelte.ts";

/** Jobs whose units are shown. */
const JOBS_MAX = 30;

/** Slots looked through for one unit's records: a life takes about a dozen on an idle network. */
const SLOTS_MAX = 128;

/** Slots after the paying commit's first: the record that ended the check stands among them. */
const COMMIT_TAIL = 8;

/** One moment of a unit's life. */
export interface UnitMoment {
  readonly slot: number;
  readonly what: string;
  /** Empty when the record was applied. */
  readonly code: string;
}

/** Jobs, listings and the timeline of the opened unit. */
export class Work {
  readonly jobs = new Loader<readonly JobDetail[]>();
  readonly listings = new Loader<readonly Listing[]>();
  readonly moments = new Loader<readonly UnitMoment[]>();
  submitting = $state("");
  readonly submitted = new Loader<{ job: string; slot: number }>();
  readonly #daemon: Daemon;

  constructor(daemon: Daemon) {
    this.#daemon = daemon;
  }

  /** Fetches jobs; details of ended ones are fetched once. */
  async refresh(): Promise<void> {
    await this.jobs.load(async () => {
      const list = await this.#daemon.call("job.list", { limit: JOBS_MAX });
      if (!list.ok) return list;
      const details = await Promise.all(list.value.jobs.map((job) => this.#detail(job)));
      const failed = details.find((one) => !one.ok);
      if (failed !== undefined && !failed.ok) return failed;
      return accept(details.flatMap((one) => (one.ok ? [one.value] : [])));
    });
    if (this.listings.value === null) {
      await this.listings.load(async () => {
        const answer = await this.#daemon.call("job.listings", {});
        return answer.ok ? accept(answer.value.listings) : answer;
      });
    }
  }

  /** Submits a listed job. */
  async submit(name: string): Promise<void> {
    if (this.submitting !== "") return;
    this.submitting = name;
    await this.submitted.load(() => this.#daemon.call("job.submit", { name }));
    this.submitting = "";
    await this.refresh();
  }

  /** Reads a unit's life out of the ledger. */
  async openUnit(job: JobDetail): Promise<void> {
    await this.moments.load(async () => {
      const first = job.createdSlot;
      if (first === null) return accept([]);
      const slots = this.#daemon.status?.head.slots ?? 0;
      const end = Math.min((job.result?.slot ?? slots) + COMMIT_TAIL, slots - 1);
      const last = Math.min(end, first + SLOTS_MAX - 1);
      const asked: Promise<Answer<LedgerRecord>>[] = [];
      for (let slot = first; slot <= last; slot += 1) {
        asked.push(this.#daemon.call("ledger.get", { slot }));
      }
      const records = await Promise.all(asked);
      const failed = records.find((one) => !one.ok);
      if (failed !== undefined && !failed.ok) return failed;
      const unit = job.result?.unit ?? job.progress?.unit ?? "";
      return accept(records.flatMap((one) => (one.ok ? momentsOf(one.value, job.job, unit) : [])));
    });
  }

  async #detail(job: JobSummary): Promise<Answer<JobDetail>> {
    const known = this.jobs.value?.find((one) => one.job === job.job);
    const isEnded = known !== undefined && (known.result?.slot ?? null) !== null;
    if (isEnded && known.state === job.state) return accept(known);
    return this.#daemon.call("job.show", { job: job.job });
  }
}

const ADDRESS = /0x[0-9a-fA-F]{40}/g;

const RECORD_WORDS: Readonly<Record<string, string>> = {
  "job-create": "job submitted",
  "unit-seal": "result sealed",
  "unit-reveal": "result opened",
  "verdict-commit": "check committed to, still secret",
  "inner-open": "drawn segments opened by the worker",
  "verdict-open": "check opened",
};

function momentsOf(record: LedgerRecord, job: string, unit: string): UnitMoment[] {
  const moments: UnitMoment[] = [];
  const { slot, code } = record;
  const own = record.id === job || (unit !== "" && record.fields["unit"] === unit);
  if (own) moments.push({ slot, what: RECORD_WORDS[record.kind] ?? record.kind, code });
  const names = [shortHex(job), ...(unit === "" ? [] : [shortHex(unit)])];
  for (const effect of record.effects) {
    if (!names.some((name) => effect.includes(name))) continue;
    moments.push({ slot, what: effect.replaceAll(ADDRESS, shortHex), code: "" });
  }
  return moments;
}
