/** Decides what the Explorer shows: fetched against the commit this page trusts, and recomputed. */

import type { ConcentrationAnswer } from "../../src-main/contract/control-api/concentration.ts";
import type { Found } from "../../src-main/contract/control-api/light.ts";
import type { Publication } from "../../src-main/contract/control-api/account-records.ts";
import { accept, reject } from "../../src-main/contract/outcome.ts";
import type { TrustedView } from "../../src-main/ledger/light/index.ts";
import type { Answer } from "../bridge/daemon-link.ts";
import { checkAccount } from "./check-account.ts";
import type { CheckedAccount } from "./check-account.ts";
import { checkCertificate } from "./check-certificate.ts";
import type { CheckedCertificate } from "./check-certificate.ts";
import { checkJobRows, jobMoments, paidIn } from "./check-job.ts";
import type { CheckedJob } from "./check-job.ts";
import type { Daemon } from "./daemon.svelte.ts";
import { checkSlot } from "./light-checks.ts";
import type { CheckedSlot } from "./light-checks.ts";
import type { Light } from "./light.svelte.ts";
import { Loader } from "./loader.svelte.ts";

/** Slots of a job's story that are fetched and recomputed; a life takes about a dozen. */
const STORY_SLOTS_MAX = 96;

/** Slots of an account that are read at once. */
const FEED_STEP = 12;

/** Units of a job that are read, with what was stated of their energy: a job has one for now. */
const UNITS_READ = 7;

/** Publications listed where nothing was asked for. */
const PUBLICATIONS_SHOWN = 10;

/** What was asked for. */
export class Explorer {
  readonly slot = new Loader<CheckedSlot>();
  readonly account = new Loader<CheckedAccount>();
  /** The newest slots of the account that is shown, newest first. */
  readonly feed = new Loader<readonly CheckedSlot[]>();
  readonly job = new Loader<CheckedJob>();
  readonly certificate = new Loader<CheckedCertificate>();
  readonly found = new Loader<readonly Found[]>();
  readonly publications = new Loader<readonly Publication[]>();
  readonly concentration = new Loader<ConcentrationAnswer>();
  reading = $state(false);
  readonly #daemon: Daemon;
  readonly #light: Light;

  constructor(daemon: Daemon, light: Light) {
    this.#daemon = daemon;
    this.#light = light;
  }

  /** Opens a slot. */
  async look(slot: number): Promise<void> {
    this.slot.clear();
    await this.slot.load(() => this.#slot(slot));
  }

  /** Opens a record by its id: where it stands, and that it has this id. */
  async lookRecord(id: string): Promise<void> {
    this.slot.clear();
    await this.slot.load(async () => {
      const found = await this.#daemon.call("ledger.find", { text: id });
      if (!found.ok) return found;
      const slot = found.value.found.find(({ kind }) => kind === "record")?.slot ?? null;
      if (slot === null) return reject("NODE_SLOT", { record: id });
      const checked = await this.#slot(slot);
      if (!checked.ok || checked.value.id === id || checked.value.record === null) return checked;
      return reject("LEDGER_RECEIPT_RECORD", { slot });
    });
  }

  /** Opens an account, and its newest slots. */
  async lookAccount(address: string): Promise<void> {
    this.account.clear();
    this.feed.clear();
    await this.account.load(async () => {
      const view = await this.#light.advance();
      if (!view.ok) return view;
      const commit = Number(view.value.number);
      const answer = await this.#daemon.call("ledger.account", { address, commit });
      return answer.ok ? checkAccount(view.value, address, answer.value) : answer;
    });
    if (this.account.value !== null) await this.readFeed();
  }

  /** Reads the next older slots of the account that is shown. */
  async readFeed(): Promise<void> {
    const account = this.account.value;
    if (account === null || this.reading) return;
    this.reading = true;
    const have = this.feed.value ?? [];
    const newest = account.feed.slots.toReversed();
    await this.feed.load(async () => {
      const more = await this.#slots(newest.slice(have.length, have.length + FEED_STEP));
      return more.ok ? accept([...have, ...more.value]) : more;
    });
    this.reading = false;
  }

  /** Opens a job by its id, or by that of one of its units. */
  async lookJob(id: string): Promise<void> {
    this.job.clear();
    await this.job.load(async () => {
      const view = await this.#light.advance();
      if (!view.ok) return view;
      const trail = await this.#daemon.call("ledger.trail", { id });
      if (!trail.ok) return trail;
      const { job, units, slots } = trail.value;
      const read = units.slice(0, UNITS_READ);
      const asked = [
        { table: "jobs" as const, id: job },
        ...read.flatMap((id) => [
          { table: "units" as const, id },
          { table: "unit-energies" as const, id },
        ]),
      ];
      const commit = Number(view.value.number);
      const rows = await this.#daemon.call("ledger.rows", { commit, rows: asked });
      if (!rows.ok) return rows;
      const checked = checkJobRows(view.value, job, read, rows.value.rows);
      if (!checked.ok) return checked;
      const story = await this.#slots(slots.slice(0, STORY_SLOTS_MAX), view.value);
      if (!story.ok) return story;
      const moments = jobMoments(job, units, story.value);
      const paidBase = paidIn(moments, units);
      return accept({ job, ...checked.value, moments, paidBase, trusted: commit });
    });
  }

  /** Opens the claim of a certificate by the certificate's digest. */
  async lookCertificate(digest: string): Promise<void> {
    this.certificate.clear();
    await this.certificate.load(async () => {
      const view = await this.#light.advance();
      if (!view.ok) return view;
      const commit = Number(view.value.number);
      const asked = [{ table: "certificates" as const, id: digest }];
      const rows = await this.#daemon.call("ledger.rows", { commit, rows: asked });
      return rows.ok ? checkCertificate(view.value, digest, rows.value.rows) : rows;
    });
  }

  /** Finds what a text names; answers where the only or likeliest thing is shown. */
  async find(text: string): Promise<string | null> {
    this.found.clear();
    await this.found.load(async () => {
      const answer = await this.#daemon.call("ledger.find", { text });
      return answer.ok ? accept(answer.value.found) : answer;
    });
    const [first] = this.found.value ?? [];
    return first === undefined ? null : addressOf(first);
  }

  /** Lists what was published last. */
  async listPublications(): Promise<void> {
    await this.publications.load(async () => {
      const answer = await this.#daemon.call("ledger.publications", { limit: PUBLICATIONS_SHOWN });
      return answer.ok ? accept(answer.value.publications) : answer;
    });
  }

  /** Asks how votes, work and money are spread; a large ledger takes some seconds once. */
  async readConcentration(): Promise<void> {
    await this.concentration.load(() => this.#daemon.call("ledger.concentration", {}));
  }

  async #slot(slot: number, trusted?: TrustedView): Promise<Answer<CheckedSlot>> {
    const view = trusted === undefined ? await this.#light.covering(slot) : accept(trusted);
    if (!view.ok) return view;
    const commit = Number(view.value.number);
    const answer = await this.#daemon.call("ledger.slot", { slot, commit });
    return answer.ok ? checkSlot(view.value, slot, answer.value) : answer;
  }

  async #slots(
    slots: readonly number[],
    view?: TrustedView,
  ): Promise<Answer<readonly CheckedSlot[]>> {
    const checked = await Promise.all(slots.map((slot) => this.#slot(slot, view)));
    const refused = checked.find((one) => !one.ok);
    if (refused !== undefined && !refused.ok) return refused;
    return accept(checked.flatMap((one) => (one.ok ? [one.value] : [])));
  }
}

/** Where the page shows what was found. */
export function addressOf({ kind, item }: Found): string {
  if (kind === "slot" || kind === "publication") return `#/explorer/${item}`;
  return kind === "genesis" ? "#/explorer" : `#/explorer/${kind}/${item}`;
}
