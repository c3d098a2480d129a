/** Answers of a daemon that measures: a plug, a solar inverter, a broken meter, a day of hours. */

import type {
  EnergyHour,
  EnergyHours,
  EnergyNow,
  EnergySources,
  EnergyTotals,
  EnergyUnits,
  MeterState,
} from "../../src-main/contract/control-api/energy.ts";
import type { ReportCheck, Reports } from "../../src-main/contract/control-api/energy-report.ts";
import type { RulesPreview, RulesState } from "../../src-main/contract/control-api/rules.ts";
import type { WatchedSample } from "../../src-main/contract/control-api/telemetry.ts";
import { energyHour, energyTotals } from "../generators/energy-rows.ts";
import { SAMPLE_UNIT } from "../unit/processes/cli/sample-status.ts";
import type { Answers } from "./mocked-daemon.ts";

const WH = 3_600_000;
const HOUR_MS = 3_600_000;

const PLUG: MeterState = {
  id: "plug-desk",
  role: "load",
  kind: "smart-plug",
  tier: "B",
  boundary: "wall",
  device: null,
  makeModel: "Shelly Plus Plug S",
  uncertaintyPercent: 1,
  configured: true,
  state: "reading",
  code: null,
  facts: {},
  retryMs: null,
  lastMs: Date.now(),
  watts: 214,
};

const METERS: MeterState[] = [
  PLUG,
  { ...PLUG, id: "roof", role: "generation", kind: "sunspec-meter", makeModel: "Fronius Symo" },
  {
    ...PLUG,
    id: "nvml-GPU-1",
    kind: "nvml-energy",
    tier: "C",
    boundary: "accelerators",
    device: "gpu-0",
    makeModel: "NVIDIA GeForce RTX 3060",
    uncertaintyPercent: 5,
    configured: false,
    state: "failed",
    code: "METERS_UNREACHABLE",
    retryMs: Date.now() + 30_000,
    watts: null,
  },
];

const TOTALS: EnergyTotals = {
  ...energyTotals(),
  loadMillijoules: 4_100 * WH,
  ownMillijoules: 2_900 * WH,
  measuredShare: 0.97,
  coverage: 0.96,
  matchedMillijoules: 2_550 * WH,
  hourlyMatch: 0.6219,
  cfeScore: 0.71,
  locationGrams: 530,
  marketGrams: 410,
  costMicros: 465_000,
  currency: "EUR",
  tier: "B",
  uncertaintyPercent: 1,
};

/** Sun from six to eighteen, a gap at three, storage in the evening. */
function hourAt(startMs: number, index: number): EnergyHour {
  if (index === 3) return { ...energyHour(0, {}), startMs };
  const sun = Math.max(0, Math.sin(((index - 6) / 12) * Math.PI));
  const load = 170 + 40 * Math.abs(Math.sin(index));
  const own = Math.round(420 * sun);
  const stored = index > 18 ? 60 : 0;
  const matched = Math.min(load, own);
  return {
    ...energyHour(0, {}),
    startMs,
    loadMillijoules: Math.round(load) * WH,
    ownMillijoules: own * WH,
    storageMillijoules: stored * WH,
    gridMillijoules: Math.round(Math.max(0, load - own - stored)) * WH,
    matchedMillijoules: Math.round(matched) * WH,
    surplusMillijoules: Math.round(Math.max(0, own - load)) * WH,
    coverage: index === 9 ? 0.6 : 1,
    quality: "measured",
    tier: index > 20 ? "D" : "B",
    source: "plug-desk",
    clock: "synchronised",
    gridGramsPerKwh: 342,
    gridSource: "static-table",
  };
}

function hours(fromMs: number, toMs: number, step: number): EnergyHours {
  const count = Math.floor((toMs - fromMs) / (step * 1_000));
  const rows = Array.from({ length: count }, (_, index) =>
    hourAt(fromMs + index * step * 1_000, index % 24),
  );
  return {
    fromMs,
    toMs,
    step,
    boundary: "wall",
    attributes: "retained",
    zone: "DEU",
    currency: "EUR",
    rows,
    totals: TOTALS,
  };
}

function now(): EnergyNow {
  const atMs = Date.now();
  return {
    atMs,
    boundary: "wall",
    tier: "B",
    source: "plug-desk",
    watts: 214,
    devices: [
      { device: "gpu-0", watts: 150, tier: "C", source: "nvml-GPU-1" },
      { device: "rest", watts: 64, tier: "B", source: "plug-desk" },
    ],
    beside: [],
    generationWatts: 380,
    storageWatts: null,
    storageShare: null,
    surplusWatts: 166,
    today: { ...TOTALS, fromMs: atMs - 12 * HOUR_MS },
    clock: "synchronised",
    meters: METERS,
  };
}

const SOURCES: EnergySources = {
  sources: [],
  evidence: "B",
  attributes: "retained",
  zone: "DEU",
  tariff: { kind: "flat", currency: "EUR", nowMicrosPerKwh: 310_000 },
  datasets: [
    {
      name: "Ember yearly averages",
      version: "2025",
      licence: "CC BY-SA 4.0",
      attribution: "Ember, through @tgwf/co2",
    },
  ],
  missing: [{ what: "signal", next: "Name a price signal under [energy] to run when it is low." }],
};

const UNITS: EnergyUnits = {
  currency: "EUR",
  valueNote: "practice, no value",
  units: [
    {
      unit: SAMPLE_UNIT.unit,
      job: SAMPLE_UNIT.job,
      jobName: "digits-cnn",
      device: "cpu",
      sources: ["plug-desk"],
      tier: "B",
      startMs: Date.now() - 2 * HOUR_MS,
      endMs: Date.now() - HOUR_MS,
      trainings: 1,
      millijoules: 812 * WH,
      coverage: 1,
      quality: "measured",
      steps: 2_812,
      outcome: "paid",
      joulesPerStep: 1.04,
      rewardBase: "12400000000000000000",
      joulesPerViv: 235_742,
      costMicros: 251_720,
      profitMicros: null,
      profitAfterEnergyMicros: null,
    },
  ],
  totals: {
    units: 1,
    paid: 1,
    millijoules: 812 * WH,
    joulesPerStep: 1.04,
    rewardBase: "12400000000000000000",
    joulesPerViv: 235_742,
    costMicros: 251_720,
    profitMicros: null,
    profitAfterEnergyMicros: null,
  },
};

const REPORTS: Reports = {
  count: 1,
  reports: [
    {
      seq: 0,
      digest: "ab".repeat(32),
      startMs: Date.UTC(2026, 10, 21),
      endMs: Date.UTC(2026, 10, 22),
      stepSeconds: 3_600,
      loadWh: 4_100,
      matchedWh: 2_550,
      measuredShare: 0.97,
      daysAnchored: 1,
      days: 1,
      sentence: "62 % of metered kWh matched hourly (self-signed, tier B)",
    },
  ],
  anchoring: { lastDay: "2026-11-21", lastSlot: 4, waiting: null },
};

/** What a check says of a report with a wrong digit. */
export const CONTRADICTED: ReportCheck = {
  verdict: "contradicted",
  contradictions: [
    {
      code: "ENERGY_TOTAL",
      where: "totals.load_wh",
      text: "The report says 4,101 Wh of load; its intervals add up to 4,100 Wh.",
    },
  ],
  unchecked: [{ what: "anchors", why: "the report names another ledger" }],
  sentence: null,
  report: null,
};

const RULES: RulesState = {
  work: "run",
  wanted: true,
  code: null,
  sentence: null,
  rule: "sun",
  overridden: false,
  heldMs: 0,
  caps: [],
  limits: {
    pauseCelsius: 83,
    resumeCelsius: 75,
    stopCelsius: 90,
    holdMs: 120_000,
    failures: 5,
    totalWatts: 450,
  },
  unprotected: ["gpu-1"],
  rules: ["sun", "dear hours"],
};

const PREVIEW: RulesPreview = {
  atMs: Date.now(),
  rules: [
    {
      name: "sun",
      then: "run",
      otherwise: null,
      asks: "run",
      decides: true,
      holds: true,
      because: "own surplus 166 W > 100 W.",
      conditions: [{ holds: true, words: "own surplus 166 W > 100 W" }],
      effect: null,
    },
    {
      name: "dear hours",
      then: "pause",
      otherwise: null,
      asks: null,
      decides: false,
      holds: null,
      because: "the price is not known.",
      conditions: [{ holds: null, words: "price > 0.30 EUR/kWh" }],
      effect: "about 1.2 kWh would move; about 0.11 EUR less, about 240 g less",
    },
  ],
};

const SAMPLE: WatchedSample = {
  atMs: Date.now(),
  utilisation: 0.98,
  memoryUsedBytes: 2 ** 33,
  memoryTotalBytes: 2 ** 35,
  celsius: 71,
  fan: 0.4,
  clockMhz: 4_450,
  memoryClockMhz: null,
  watts: 88,
  limitWatts: 105,
  energyMillijoules: null,
  throttle: ["power-limit"],
};

/** Answers of a machine that measures. */
export function energyAnswers(): Answers {
  return {
    "energy.now": now,
    "energy.hours": ({ fromMs, toMs, step }) => hours(Number(fromMs), Number(toMs), Number(step)),
    "energy.sources": () => SOURCES,
    "energy.units": () => UNITS,
    "energy.reports": () => REPORTS,
    "energy.check": () => CONTRADICTED,
    "rules.state": () => RULES,
    "rules.preview": () => PREVIEW,
    "telemetry.now": () => ({
      atMs: Date.now(),
      devices: [{ id: "cpu", name: "AMD Ryzen 7 5800X", source: "cpu", sample: SAMPLE }],
    }),
    "telemetry.series": ({ device, field, fromMs }) => ({
      device,
      field,
      stepMs: 30_000,
      points: Array.from({ length: 118 }, (_, index) => ({
        atMs: Number(fromMs) + 1 + index * 30_000,
        mean: index === 40 ? 20 : 80 + 8 * Math.sin(index / 9),
        least: 10,
        greatest: 100,
        samples: 30,
      })),
    }),
  };
}

/** Answers of a machine without any meter. */
export function unmeteredAnswers(): Answers {
  const none = energyTotals();
  return {
    ...energyAnswers(),
    "energy.now": () => ({
      ...now(),
      boundary: null,
      tier: null,
      source: null,
      watts: null,
      devices: [],
      generationWatts: null,
      surplusWatts: null,
      today: { ...none, fromMs: Date.now() - HOUR_MS },
      meters: [],
    }),
    "energy.hours": ({ fromMs, toMs, step }) => {
      const measured = hours(Number(fromMs), Number(toMs), Number(step));
      const rows = measured.rows.map(({ startMs }) => ({ ...energyHour(0, {}), startMs }));
      return { ...measured, boundary: null, zone: null, rows, totals: none };
    },
    "energy.units": () => ({
      ...UNITS,
      units: [],
      totals: { ...UNITS.totals, units: 0, paid: 0, joulesPerStep: null, costMicros: null },
    }),
    "energy.reports": () => ({
      count: 0,
      reports: [],
      anchoring: { lastDay: null, lastSlot: null, waiting: null },
    }),
    "rules.state": () => ({ ...RULES, rule: null, rules: [], unprotected: [] }),
    "rules.preview": () => ({ atMs: Date.now(), rules: [] }),
    "telemetry.now": () => ({ atMs: Date.now(), devices: [] }),
  };
}
