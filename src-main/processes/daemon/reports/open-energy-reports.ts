/**
 * Decides how reports stand in the daemon: one chain, one key derived from the worker's, days
 * anchored by the worker's account, and any report checked against this ledger.
 */

import { readFileSync } from "node:fs";
import { join } from "node:path";

import type { EnergyReportNeeds } from "../../../api/index.ts";
import { bytesToHex } from "../../../contract/bytes.ts";
import type { CheckedParams, KeptReport, Reports } from "../../../contract/control-api/index.ts";
import type { EnergyReport } from "../../../contract/energy-report.ts";
import { explainCode } from "../../../contract/explain.ts";
import { accept, invariant, reject } from "../../../contract/outcome.ts";
import type { Outcome } from "../../../contract/outcome.ts";
import type { Hasher } from "../../../crypto/index.ts";
import {
  checkText,
  dayText,
  daySecret,
  keyStatement,
  makeReport,
  readInstant,
  readReport,
  reportKey,
  signReport,
} from "../../../energy/report/index.ts";
import type { SignalDataset } from "../../../energy/report/index.ts";
import { ANCHORS } from "../../../ledger/index.ts";
import type { Payload } from "../../../ledger/index.ts";
import type { Node } from "../../../node/index.ts";
import type { Clock } from "../../../ports/clock.ts";
import { ENERGY_DAY_MS } from "../../../ports/energy-store.ts";
import type { EnergyStore } from "../../../ports/energy-store.ts";
import type { Log } from "../../../ports/log.ts";
import { recordCost, signAccountRecord, SPEND_LANE } from "../../account-record.ts";
import { programVersion } from "../../program-version.ts";
import type { Founding } from "../founding.ts";
import { DayAnchors } from "./anchor-days.ts";
import { CERTIFICATES_FOLDER } from "./kept-certificates.ts";
import { nodeFacts } from "./ledger-facts.ts";
import { planReport } from "./plan-report.ts";
import type { ReportSettings } from "./plan-report.ts";
import { ReportChain } from "./report-chain.ts";
import { keepSigner, nextOf } from "./report-signer.ts";
import type { ChipFacts } from "./report-work.ts";

/** What reports need of the daemon. */
export interface EnergyReportParts {
  readonly hasher: Hasher;
  readonly clock: Clock;
  readonly log: Log;
  readonly node: Node;
  readonly founding: Pick<Founding, "genesis" | "genesisHash" | "keys">;
  /** null: energy is not counted here; reports of others are checked all the same. */
  readonly store: EnergyStore | null;
  readonly settings: ReportSettings;
  /** The network's folder of energy. */
  readonly folder: string;
  readonly chipOf: (device: string) => ChipFacts;
  /** What a signal's source rests on. */
  readonly datasets: (source: string) => SignalDataset | undefined;
}

/** Reports of a running daemon. */
export interface EnergyReports extends EnergyReportNeeds {
  /** Begins to anchor days. */
  begin(): void;
  /** Anchors what is due now; for those who will not wait for the next look. */
  anchorNow(): Promise<void>;
  stop(): Promise<void>;
}

/** How often the days are looked at; also how soon a refused anchor is tried again. */
const LOOK_EVERY_MS = 600_000;

/** The folder within a network's folder of energy. */
export const REPORTS_FOLDER = "reports";

/** Opens the chain; nothing is sent before `begin`. */
export function openEnergyReports(parts: EnergyReportParts): EnergyReports {
  const { clock, hasher, log, node, folder } = parts;
  const chain = new ReportChain(join(folder, REPORTS_FOLDER), hasher);
  const anchors = openAnchors(parts);
  let cancel: (() => void) | null = null;
  let stopped = false;
  const anchorNow = async (): Promise<void> => {
    try {
      await anchors?.run();
      const waiting = anchors?.waiting ?? null;
      if (waiting !== null) log.warn("a day is not anchored yet", waiting);
    } catch (error) {
      log.error("anchoring met a fault", { because: String(error) });
    }
  };
  const look = async (): Promise<void> => {
    await anchorNow();
    if (!stopped) cancel = clock.after(LOOK_EVERY_MS, () => void look());
  };
  return {
    make: (asked) => Promise.resolve(makeNext(parts, chain, asked)),
    list: (limit) => listed(chain, anchors, parts.store, limit),
    kept: (seq) => chain.read(seq),
    check: (text) => {
      const read = readReport(text);
      const facts = read.ok ? nodeFacts(hasher, node, read.value) : null;
      const own = read.ok && read.value.seq > 0 ? previousOf(chain, read.value) : undefined;
      return checkText(text, { hasher, facts, previous: own ?? null, nowMs: clock.nowMs() });
    },
    begin: () => void look(),
    anchorNow,
    stop: () => {
      stopped = true;
      cancel?.();
      return Promise.resolve();
    },
  };
}

/** The report before one of this chain; undefined where it is another's, or the file is gone. */
function previousOf(chain: ReportChain, { seq, signatures, former = [] }: EnergyReport) {
  const before = seq < chain.count() + 1 ? chain.read(seq - 1)?.report : undefined;
  const kid = before?.signatures[0]?.kid;
  const isOurs = kid === signatures[0]?.kid || former.some(({ from }) => from.kid === kid);
  return isOurs ? before : undefined;
}

/** @rejects ENERGY_OFF, ENERGY_REPORT_PERIOD, ENERGY_REPORT_NO_ROWS */
function makeNext(
  parts: EnergyReportParts,
  chain: ReportChain,
  asked: CheckedParams<"energy.report">,
): Outcome<KeptReport> {
  const { hasher, clock, log, node, founding, settings, store, folder } = parts;
  if (store === null) return reject("ENERGY_OFF");
  if (asked.toMs > clock.nowMs()) {
    return reject("ENERGY_REPORT_PERIOD", { because: "it has not ended" });
  }
  const { secret, address } = founding.keys.worker;
  const key = reportKey(secret, founding.genesisHash);
  const statement = keyStatement(key.kid, address, founding.genesisHash);
  const signer = { statement, secret: key.secret };
  const needs = {
    hasher,
    store,
    node,
    settings,
    statement,
    account: address,
    serialSecret: key.secret,
    software: softwareOf(hasher),
    chipOf: parts.chipOf,
    certificates: join(folder, CERTIFICATES_FOLDER),
    datasets: parts.datasets,
  };
  const next = nextOf(chain, signer, (aside) => {
    log.warn("reports of a key that is gone were put aside", { folder: aside });
  });
  const made = makeReport(hasher, planReport(needs, asked, next));
  if (!made.ok) return made;
  const kept = chain.add(signReport(made.value, key));
  keepSigner(chain, signer);
  return accept(kept);
}

/** What made the report: name, version, and the digest of the file that pins every dependency. */
function softwareOf(hasher: Hasher): EnergyReport["subject"]["software"] {
  const lock = readFileSync(new URL("../../../../package-lock.json", import.meta.url));
  const build = `sha256:${bytesToHex(hasher(lock))}`;
  return { name: "vivian-miner", version: programVersion(), build };
}

function openAnchors({ hasher, clock, node, founding, store }: EnergyReportParts) {
  if (store === null) return null;
  const { secret, address } = founding.keys.worker;
  const { genesisHash } = founding;
  const { kid } = reportKey(secret, genesisHash);
  return new DayAnchors({
    hasher,
    store,
    nowMs: () => clock.nowMs(),
    statement: keyStatement(kid, address, genesisHash),
    secretOf: (day) => daySecret(secret, genesisHash, day),
    anchored: () => {
      const state = node.stateAt(node.head().number);
      invariant(state.ok, "the newest state is held");
      return state.value.row(ANCHORS, address);
    },
    send: (payload) => sendAsWorker({ hasher, clock, node, founding }, payload),
  });
}

/** Signs a record of the worker's account in the lane beside its units, and waits for it. */
async function sendAsWorker(
  parts: Pick<EnergyReportParts, "hasher" | "clock" | "node" | "founding">,
  payload: Payload,
): Promise<Outcome<{ readonly slot: bigint; readonly code: string }>> {
  const { hasher, clock, node, founding } = parts;
  const { address: account, secret } = founding.keys.worker;
  const nonce = node.nextNonce(account, SPEND_LANE);
  const { maxFeeBase } = recordCost(node.prices(), account, payload, nonce);
  const moment = { nonce, nowMs: clock.nowMs(), maxFeeBase };
  const key = { account, secret };
  const stored = signAccountRecord(hasher, founding.genesis, key, payload, moment);
  const sent = await node.submit(stored);
  if (!sent.ok) return sent;
  return accept({ slot: sent.value.slot, code: sent.value.outcome.code });
}

function listed(
  chain: ReportChain,
  anchors: DayAnchors | null,
  store: EnergyStore | null,
  limit: number,
): Reports {
  const count = chain.count();
  const numbers = Array.from({ length: Math.min(limit, count) }, (_, at) => count - 1 - at);
  const days = store?.days(0, Number.MAX_SAFE_INTEGER) ?? [];
  const last = days.findLast(({ anchorSlot }) => anchorSlot !== null);
  const waiting = anchors?.waiting ?? null;
  return {
    count,
    reports: numbers.flatMap((seq) => {
      const kept = chain.read(seq);
      return kept === undefined ? [] : [summaryOf(kept)];
    }),
    anchoring: {
      lastDay: last === undefined ? null : dayText(last.dayMs),
      lastSlot: last?.anchorSlot ?? null,
      waiting: waiting === null ? null : { ...waiting, text: explainCode(waiting.code).what },
    },
  };
}

function summaryOf({ seq, digest, report, sentence }: KeptReport): Reports["reports"][number] {
  const { period, totals, anchors = [] } = report;
  const startMs = readInstant(period.start) ?? 0;
  const endMs = readInstant(period.end) ?? 0;
  const first = Math.floor(startMs / ENERGY_DAY_MS);
  return {
    seq,
    digest,
    startMs,
    endMs,
    stepSeconds: period.step_s,
    loadWh: totals.load_wh,
    matchedWh: totals.matched_wh,
    measuredShare: totals.measured_share,
    daysAnchored: anchors.filter(({ slot }) => slot !== null).length,
    days: Math.ceil(endMs / ENERGY_DAY_MS) - first,
    sentence,
  };
}
