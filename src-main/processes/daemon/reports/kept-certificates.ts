/**
 * Decides how claimed certificates are kept: `energy/certificates/<digest>.json`, the instrument as
 * reports list it, with the slot of its claim. The command that claims writes it; reports read all.
 */

import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";

import { energyReportSchema } from "../../../contract/energy-report.ts";
import type { ReportInstrument } from "../../../contract/energy-report.ts";
import { canonicalText } from "../../../energy/report/index.ts";
import { folderFault } from "../../config/data-folder.ts";

/** The folder within a network's folder of energy. */
export const CERTIFICATES_FOLDER = "certificates";

const NAME = /^[0-9a-f]{64}\.json$/;
const { instruments } = energyReportSchema.shape;

/** Keeps an instrument of one certificate under its digest. Throws Fault PROCESSES_HOME. */
export function keepCertificate(
  folder: string,
  digest: string,
  instrument: ReportInstrument,
): string {
  const path = join(folder, `${digest}.json`);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(`${path}.new`, canonicalText(instrument), { mode: 0o600, flush: true });
    renameSync(`${path}.new`, path);
  } catch (error) {
    throw folderFault(path, error);
  }
  return path;
}

/** Every instrument that is kept, by its digest; a file that is none is passed over. */
export function keptCertificates(folder: string): ReportInstrument[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => NAME.test(name));
  names.sort((left, right) => (left < right ? -1 : 1));
  return names.flatMap((name) => {
    const text = readFileSync(join(folder, name), "utf8");
    const read = instruments.safeParse([parsed(text)]);
    return read.success ? read.data : [];
  });
}

/** What is kept, read again only where something was put there since. */
export class CertificateShelf {
  readonly #folder: string;
  #read:
    { readonly changed: bigint; readonly instruments: readonly ReportInstrument[] } | undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** As `keptCertificates`; a certificate is kept by renaming, which changes the folder's time. */
  all(): readonly ReportInstrument[] {
    const stat = statSync(this.#folder, { bigint: true, throwIfNoEntry: false });
    if (stat === undefined) return [];
    if (this.#read?.changed !== stat.mtimeNs) {
      this.#read = { changed: stat.mtimeNs, instruments: keptCertificates(this.#folder) };
    }
    return this.#read.instruments;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
