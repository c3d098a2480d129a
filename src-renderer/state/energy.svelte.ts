/**
 * Decides what the page knows of energy: what is used now, by the hour, by unit; the reports, and
 * what came of checking one. It asks again while somebody looks, and only then.
 */

import { REPORT_TEXT_MAX } from "../../src-main/contract/energy-report.ts";
import type {
  EnergyHours,
  EnergyNow,
  EnergySources,
  EnergyUnits,
} from "../../src-main/contract/control-api/energy.ts";
import type {
  KeptReport,
  ReportCheck,
  Reports,
} from "../../src-main/contract/control-api/energy-report.ts";
import type { RulesPreview, RulesState } from "../../src-main/contract/control-api/rules.ts";
import { reject } from "../../src-main/contract/outcome.ts";
import type { Daemon } from "./daemon.svelte.ts";
import { Loader } from "./loader.svelte.ts";

/** How often the watts are asked for while they are looked at; meters give no more. */
const NOW_INTERVAL_MS = 5_000;

/** The same where they stand beside other things: an open page shall cost next to nothing. */
const GLANCE_INTERVAL_MS = 20_000;

/** The rows move on this often. */
const HOURS_INTERVAL_MS = 60_000;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Checking recomputes everything; a long report takes its time. */
const CHECK_TIMEOUT_MS = 60_000;

/** The spans that can be looked at, with the length of their rows. */
export const SPANS = {
  day: { text: "24 hours", lengthMs: DAY_MS, step: 3_600 },
  week: { text: "7 days", lengthMs: 7 * DAY_MS, step: 3_600 },
  month: { text: "30 days", lengthMs: 30 * DAY_MS, step: 86_400 },
} as const;
export type Span = keyof typeof SPANS;

/** A report that was given to be checked. */
export interface GivenReport {
  readonly name: string;
  readonly check: ReportCheck;
}

/** Energy as the page knows it. */
export class Energy {
  readonly now = new Loader<EnergyNow>();
  readonly hours = new Loader<EnergyHours>();
  readonly units = new Loader<EnergyUnits>();
  readonly sources = new Loader<EnergySources>();
  readonly rules = new Loader<RulesState>();
  readonly preview = new Loader<RulesPreview>();
  readonly reports = new Loader<Reports>();
  readonly made = new Loader<KeptReport>();
  readonly given = new Loader<GivenReport>();
  span = $state<Span>("day");
  checking = $state(false);
  making = $state(false);
  readonly #daemon: Daemon;

  constructor(daemon: Daemon) {
    this.#daemon = daemon;
  }

  /** Asks for the watts now and again until the answer is called. */
  watch(): () => void {
    return this.#askEvery(NOW_INTERVAL_MS);
  }

  /** The same, seldom. */
  glance(): () => void {
    return this.#askEvery(GLANCE_INTERVAL_MS);
  }

  /** Asks for all that the screen of energy shows, and again as rows fill. */
  watchAll(): () => void {
    void this.refresh();
    const timer = setInterval(() => {
      void this.#askHours();
      void this.#askRules();
    }, HOURS_INTERVAL_MS);
    return () => clearInterval(timer);
  }

  /** Asks for everything but the watts. */
  async refresh(): Promise<void> {
    await Promise.all([
      this.#askHours(),
      this.units.load(() => this.#daemon.call("energy.units", { limit: 20 })),
      this.sources.load(() => this.#daemon.call("energy.sources", {})),
      this.#askReports(),
      this.#askRules(),
    ]);
  }

  /** Shows another span. */
  show(span: Span): void {
    this.span = span;
    this.hours.clear();
    void this.#askHours();
  }

  /** Makes the report of the last whole UTC day. */
  async makeReport(nowMs: number): Promise<void> {
    if (this.making) return;
    this.making = true;
    const toMs = Math.floor(nowMs / DAY_MS) * DAY_MS;
    const asked = { fromMs: toMs - DAY_MS, toMs, stepSeconds: 3_600 as const };
    await this.made.load(() => this.#daemon.call("energy.report", asked, CHECK_TIMEOUT_MS));
    this.making = false;
    void this.#askReports();
  }

  /** Checks a report from a file. */
  async check(file: File): Promise<void> {
    if (this.checking) return;
    this.checking = true;
    await this.given.load(async () => {
      if (file.size === 0 || file.size > REPORT_TEXT_MAX) {
        return reject("ENERGY_REPORT_FORM", { field: "(whole)", problem: `${file.size} bytes` });
      }
      const text = await file.text().catch(() => null);
      // A folder, or a file that is gone or not this person's to read.
      if (text === null) return reject("ENERGY_REPORT_FILE", { file: file.name });
      const answer = await this.#daemon.call("energy.check", { text }, CHECK_TIMEOUT_MS);
      return answer.ok ? { ok: true, value: { name: file.name, check: answer.value } } : answer;
    });
    this.checking = false;
  }

  #askEvery(intervalMs: number): () => void {
    void this.#askNow();
    const timer = setInterval(() => void this.#askNow(), intervalMs);
    return () => clearInterval(timer);
  }

  #askNow(): Promise<void> {
    return this.now.load(() => this.#daemon.call("energy.now", {}));
  }

  #askHours(): Promise<void> {
    const { lengthMs, step } = SPANS[this.span];
    const toMs = Math.ceil(Date.now() / (step * 1_000)) * step * 1_000;
    const asked = { fromMs: toMs - lengthMs, toMs, step };
    return this.hours.load(() => this.#daemon.call("energy.hours", asked));
  }

  async #askRules(): Promise<void> {
    await this.rules.load(() => this.#daemon.call("rules.state", {}));
    await this.preview.load(() => this.#daemon.call("rules.preview", {}));
  }

  #askReports(): Promise<void> {
    return this.reports.load(() => this.#daemon.call("energy.reports", { limit: 20 }));
  }
}
