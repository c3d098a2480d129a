/**
 * Decides how a report looks on paper: totals, load against what met it by interval, how well it
 * was measured, who measured, both Scope 2 totals side by side, and how anybody checks it. The page
 * is a view; what counts is the signed JSON that it names.
 */

import PDFDocument from "pdfkit";

import type { KeptReport } from "../../contract/control-api/index.ts";
import type { EnergyReport } from "../../contract/energy-report.ts";
import { formatCount, shortHex } from "../../contract/units.ts";

const LEFT = 50;
const WIDTH = 495;
const CHART_HEIGHT = 130;
const STRIP_HEIGHT = 10;

const INK = "#1b2230";
const FAINT = "#6a7282";
const LOAD = "#c3c9d4";
const MATCHED = "#2f6f8f";
const MEASURED = "#2f6f8f";
const PART = "#d8a13a";
const MISSING = "#b4462f";

type Page = InstanceType<typeof PDFDocument>;

/** Sources listed on the page; all are in the JSON. */
const SOURCES_SHOWN = 12;

/** The report as a PDF of one page, two where many sources measure. */
export function reportPdf(kept: KeptReport): Promise<Uint8Array> {
  const { report } = kept;
  const info = { Title: `Energy report ${report.seq}`, Producer: "VIVIAN Miner" };
  const page = new PDFDocument({ size: "A4", margin: LEFT, info });
  const parts: Buffer[] = [];
  const whole = new Promise<Uint8Array>((done, failed) => {
    page.on("data", (part: Buffer) => parts.push(part));
    page.on("end", () => done(Buffer.concat(parts)));
    page.on("error", failed);
  });
  head(page, kept);
  totals(page, report);
  chart(page, report);
  sources(page, report);
  closing(page, kept);
  page.end();
  return whole;
}

function head(page: Page, { report, sentence }: KeptReport): void {
  const { subject, period, seq } = report;
  page.fillColor(INK).font("Helvetica-Bold").fontSize(18).text(`Energy report ${seq}`, LEFT, 50);
  page.font("Helvetica").fontSize(10).fillColor(FAINT);
  page.text(
    `${period.start} to ${period.end}, intervals of ${period.step_s} s, clock ${period.clock}`,
  );
  const zone = subject.zone === undefined ? "" : `, grid zone ${subject.zone}`;
  page.text(`Miner ${subject.miner_id}, boundary: ${subject.boundary}${zone}`);
  page.moveDown(0.6).font("Helvetica-Bold").fontSize(13).fillColor(INK).text(`${sentence}.`);
}

/** A number of grams as kilograms; what nobody knows is said. */
function kilograms(grams: number | null | undefined): string {
  return grams === null || grams === undefined ? "not known" : `${(grams / 1_000).toFixed(2)} kg`;
}

function totals(page: Page, { totals: sums, own_attributes }: EnergyReport): void {
  const share = (value: number | null | undefined): string =>
    value === null || value === undefined
      ? "not known"
      : `${(Math.floor(value * 1_000 + 1e-9) / 10).toFixed(1)} %`;
  const band = sums.uncertainty_pct === undefined ? "" : ` (± ${sums.uncertainty_pct} %)`;
  const rows: readonly (readonly [string, string])[] = [
    ["Load", `${formatCount(sums.load_wh)} Wh${band}`],
    [
      "Matched within its interval",
      `${formatCount(sums.matched_wh)} Wh, ${share(sums.hourly_match)}`,
    ],
    ["Measured share of the load", share(sums.measured_share)],
    ["Carbon-free share, grid included", share(sums.cfe_score)],
    ["Claim to the own plant's energy", own_attributes ?? "none"],
    ["Scope 2, location-based (CO2e)", kilograms(sums.location_g)],
    ["Scope 2, market-based (CO2e)", kilograms(sums.market_g)],
  ];
  page.moveDown(0.6).fontSize(10);
  for (const [name, value] of rows) {
    const top = page.y;
    page.font("Helvetica").fillColor(FAINT).text(name, LEFT, top, { width: 230 });
    page
      .font("Helvetica-Bold")
      .fillColor(INK)
      .text(value, LEFT + 235, top, { width: 260 });
  }
  page.x = LEFT;
}

/** Load, the matched part of it, and below how much of each interval was measured. */
function chart(page: Page, report: EnergyReport): void {
  const { intervals } = report;
  const retained = report.own_attributes === "retained";
  const most = Math.max(1, ...intervals.map(({ load_wh }) => load_wh));
  const top = page.y + 30;
  page.font("Helvetica-Bold").fontSize(11).fillColor(INK);
  page.text("Load by interval, and the part of it that was matched", LEFT, top - 18);
  const step = WIDTH / intervals.length;
  const bottom = top + CHART_HEIGHT;
  for (const [at, interval] of intervals.entries()) {
    const own = retained ? interval.own_wh + interval.storage_wh : 0;
    const met = Math.min(interval.load_wh, own + interval.gc_wh);
    const left = LEFT + at * step;
    const width = Math.max(0.2, step * 0.86);
    const bar = (wh: number, color: string): void => {
      const height = (CHART_HEIGHT * wh) / most;
      page.rect(left, bottom - height, width, height).fill(color);
    };
    bar(interval.load_wh, LOAD);
    bar(met, MATCHED);
    const { coverage, quality } = interval;
    const whole = coverage === 1 && quality === "measured";
    const color = coverage === 0 ? MISSING : whole ? MEASURED : PART;
    page.rect(left, bottom + 6, width, STRIP_HEIGHT).fill(color);
  }
  page
    .moveTo(LEFT, bottom)
    .lineTo(LEFT + WIDTH, bottom)
    .lineWidth(0.5)
    .stroke(FAINT);
  page.font("Helvetica").fontSize(8).fillColor(FAINT);
  page.text(`${formatCount(most)} Wh`, LEFT, top - 12, { width: WIDTH, align: "right" });
  const from = report.period.start.slice(0, 16).replace("T", " ");
  const until = report.period.end.slice(0, 16).replace("T", " ");
  const foot = bottom + STRIP_HEIGHT + 10;
  page.text(from, LEFT, foot);
  page.text(until, LEFT, foot, { width: WIDTH, align: "right" });
  legend(page, foot + 14);
}

function legend(page: Page, top: number): void {
  const entries = [
    [LOAD, "load"],
    [MATCHED, "matched; strip: measured whole"],
    [PART, "strip: in part, modelled or filled"],
    [MISSING, "strip: not measured"],
  ] as const;
  let left = LEFT;
  for (const [color, words] of entries) {
    page.rect(left, top, 8, 8).fill(color);
    page.fillColor(FAINT).text(words, left + 12, top, { lineBreak: false });
    left += 26 + page.widthOfString(words);
  }
  page.x = LEFT;
  page.y = top + 20;
}

function sources(page: Page, { sources: all, instruments }: EnergyReport): void {
  page.font("Helvetica-Bold").fontSize(11).fillColor(INK).text("Who measured", LEFT, page.y);
  page.font("Helvetica").fontSize(9).fillColor(INK);
  for (const source of all.slice(0, SOURCES_SHOWN)) {
    const made = source.make_model === undefined ? "" : `, ${source.make_model}`;
    const band = source.role === "grid-signal" ? "" : `, ± ${source.uncertainty_pct} %`;
    const line = `${source.id}: ${source.role}, ${source.kind}${made}, tier ${source.tier}${band}`;
    page.text(line, LEFT, page.y, { width: WIDTH });
  }
  if (all.length > SOURCES_SHOWN) page.text(`and ${all.length - SOURCES_SHOWN} more in the JSON`);
  if (instruments.length === 0) return;
  page.moveDown(0.5).font("Helvetica-Bold").fontSize(11).text("Certificates");
  page.font("Helvetica").fontSize(9);
  for (const one of instruments.slice(0, SOURCES_SHOWN)) {
    const ids = one.ids.slice(0, 3).join(", ");
    const time = `${one.gen_start} to ${one.gen_end}`;
    const wh = `${formatCount(one.volume_wh)} Wh`;
    const line = `${one.type} of ${one.registry}: ${ids}, ${wh}, ${time}`;
    page.text(line, LEFT, page.y, { width: WIDTH });
  }
}

function closing(page: Page, { report, digest }: KeptReport): void {
  const { anchors = [], assurance, signatures } = report;
  const anchored = anchors.filter(({ slot }) => slot !== null);
  const days = anchored.map(({ day, slot }) => `${day} in slot ${slot ?? 0}`).slice(0, 6);
  const where =
    days.length === 0
      ? "None of its days is anchored on the ledger yet."
      : `Roots of its rows are on the ledger: ${days.join(", ")}.`;
  page.moveDown(0.5).font("Helvetica-Bold").fontSize(11).text("How to check this report");
  page.font("Helvetica").fontSize(9).fillColor(INK);
  page.text(
    "This page is a view. Ask for the signed file and run: vivian energy verify FILE.json. It " +
      "recomputes every total and names what speaks against it.",
    { width: WIDTH },
  );
  page.text(`Digest of what is signed: sha256:${digest}`, { width: WIDTH });
  page.text(`Assurance: ${assurance}, key ${shortHex(signatures[0].kid)}. ${where}`, {
    width: WIDTH,
  });
  page
    .fillColor(FAINT)
    .text(
      "A signature proves who said it and that it was not changed, not that a meter is honest. " +
        "Location- and market-based totals follow the GHG Protocol Scope 2 guidance of 2015; for " +
        "a buyer of computing they are part of Scope 3.",
      { width: WIDTH },
    );
}
