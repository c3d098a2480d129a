/**
 * Decides how a miner's reports are kept: `energy/reports/000000.json`, one file each, canonical
 * text, whole or not at all. The number and the digest of the newest are what the next one follows,
 * so a file that is there is never written again.
 */

import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";

import type { KeptReport } from "../../../contract/control-api/index.ts";
import type { EnergyReport } from "../../../contract/energy-report.ts";
import { matchSentence } from "../../../contract/energy-report.ts";
import { Fault } from "../../../contract/outcome.ts";
import type { Hasher } from "../../../crypto/index.ts";
import { canonicalText, readReport, reportDigest } from "../../../energy/report/index.ts";
import { folderFault } from "../../config/data-folder.ts";

const NAME = /^([0-9]{6})\.json$/;

/** The reports of one folder. */
export class ReportChain {
  readonly folder: string;
  readonly #hasher: Hasher;

  constructor(folder: string, hasher: Hasher) {
    this.folder = folder;
    this.#hasher = hasher;
  }

  /** How many there are; numbers go from 0 without a gap. */
  count(): number {
    if (!existsSync(this.folder)) return 0;
    const numbers = readdirSync(this.folder).flatMap((name) => {
      const match = NAME.exec(name);
      return match === null ? [] : [Number(match[1])];
    });
    return numbers.length === 0 ? 0 : Math.max(...numbers) + 1;
  }

  /** A report; undefined where there is none. Throws Fault ENERGY_REPORT_DAMAGED. */
  read(seq: number): KeptReport | undefined {
    const path = this.#path(seq);
    if (!existsSync(path)) return undefined;
    const read = readReport(readFileSync(path, "utf8"));
    if (!read.ok || read.value.seq !== seq) {
      throw new Fault("ENERGY_REPORT_DAMAGED", `${path} is no report`, { file: path });
    }
    return this.#kept(read.value);
  }

  /** Number and digest that the next report follows. Throws Fault ENERGY_REPORT_DAMAGED. */
  next(): { readonly seq: number; readonly prev: string | null } {
    const seq = this.count();
    if (seq === 0) return { seq, prev: null };
    const last = this.read(seq - 1);
    return { seq, prev: last?.digest ?? null };
  }

  /** Keeps the next report. Throws Fault PROCESSES_HOME or PROCESSES_DISK_FULL. */
  add(report: EnergyReport): KeptReport {
    const path = this.#path(report.seq);
    const fresh = `${path}.new`;
    try {
      mkdirSync(this.folder, { recursive: true, mode: 0o700 });
      const file = openSync(fresh, "w", 0o600);
      try {
        writeSync(file, canonicalText(report));
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
      // A link fails where the name is taken: two reports never share a number.
      linkSync(fresh, path);
      rmSync(fresh);
    } catch (error) {
      throw folderFault(path, error);
    }
    return this.#kept(report);
  }

  /**
   * Puts the whole chain aside under the name of the key that signed it; none is there then.
   * @returns the folder where it is. Throws Fault PROCESSES_HOME.
   */
  putAside(kid: string): string {
    const aside = `${this.folder}-of-${kid.slice(0, 12)}`;
    let free = aside;
    for (let at = 2; existsSync(free); at += 1) free = `${aside}-${at}`;
    try {
      renameSync(this.folder, free);
    } catch (error) {
      throw folderFault(free, error);
    }
    return free;
  }

  #path(seq: number): string {
    return join(this.folder, `${String(seq).padStart(6, "0")}.json`);
  }

  #kept(report: EnergyReport): KeptReport {
    return {
      seq: report.seq,
      report,
      digest: reportDigest(this.#hasher, report),
      file: this.#path(report.seq),
      sentence: matchSentence(report),
    };
  }
}
