/**
 * Decides how energy crosses the control API. Energy is whole millijoules, money 10^-6 of the
 * owner's currency, times milliseconds. null is "nobody knows", never 0. Watts are for showing.
 */

import { z } from "zod";

import {
  amountBaseSchema,
  codeSchema,
  countSchema,
  digestSchema,
  factsSchema,
  millisecondsSchema,
} from "./scalars.ts";

/** Rows of one answer: a month of hours, or two and a half days of 300 s. */
export const ENERGY_ANSWER_ROWS_MAX = 768;

/** Lengths a row of an answer may have, in seconds; 86,400 is a day of UTC. */
export const ENERGY_STEPS = [300, 900, 1_800, 3_600, 86_400] as const;

/** How good a figure is: A revenue meter, B metered, C sensor, D model, E declared. */
export const energyTierSchema = z.enum(["A", "B", "C", "D", "E"]);
export const energyQualitySchema = z.enum(["measured", "modelled", "gap-filled"]);
export const energyBoundarySchema = z.enum(["accelerators", "host-dc", "wall", "site-meter"]);
export const sourceRoleSchema = z.enum(["load", "generation", "storage", "grid"]);
export const clockStateSchema = z.enum(["synchronised", "unsynchronised", "relative"]);
/** Whether the owner kept the claim to what the own plant made; sold and unknown count as 0. */
export const attributesSchema = z.enum(["retained", "sold", "unknown", "none"]);

const nameSchema = z.string().max(96);
const idSchema = z.string().max(64);
const joules = z.int().min(0);
const watts = z.number();
const share = z.number().min(0).max(1);
const currencySchema = z.string().max(8);
const money = z.int();

/** A meter and how it does. */
export const meterStateSchema = z.strictObject({
  id: idSchema,
  role: sourceRoleSchema,
  kind: z.string().max(32),
  tier: energyTierSchema,
  boundary: energyBoundarySchema,
  device: idSchema.nullable(),
  makeModel: nameSchema.nullable(),
  uncertaintyPercent: z.number().min(0),
  /** Named in the settings; else found on this machine. */
  configured: z.boolean(),
  /** reading: the newest reading is fresh. late: it is older than it should be. */
  state: z.enum(["opening", "reading", "late", "failed"]),
  /** Why it failed; null otherwise. */
  code: codeSchema.nullable(),
  facts: factsSchema,
  /** When it is tried again; null while it reads. */
  retryMs: millisecondsSchema.nullable(),
  lastMs: millisecondsSchema.nullable(),
  watts: watts.nullable(),
});

/** Watts of one device now. */
export const deviceWattsSchema = z.strictObject({
  /** Id as `devices` has it; "rest" is what the boundary holds beside the devices. */
  device: idSchema,
  watts: watts.nullable(),
  tier: energyTierSchema.nullable(),
  source: idSchema.nullable(),
});

/** Sums over a span; null where the span has nothing to say of it. */
export const energyTotalsSchema = z.strictObject({
  loadMillijoules: joules.nullable(),
  ownMillijoules: joules.nullable(),
  /** Share of the load that was measured in its own row. */
  measuredShare: share.nullable(),
  /** Share of the span's time that was covered. */
  coverage: share,
  matchedMillijoules: joules,
  /** Matched of the load, hour by hour; a surplus of one hour never serves another. */
  hourlyMatch: share.nullable(),
  /** Matched and the carbon-free part of the grid's. */
  cfeScore: share.nullable(),
  /** Two totals that stand side by side; a missing factor makes one null, never smaller. */
  locationGrams: z.number().min(0).nullable(),
  marketGrams: z.number().min(0).nullable(),
  costMicros: money.nullable(),
  currency: currencySchema.nullable(),
  /** Weakest source that the load rests on. */
  tier: energyTierSchema.nullable(),
  uncertaintyPercent: z.number().min(0).nullable(),
});

/** What `energy.now` answers. */
export const energyNowSchema = z.strictObject({
  atMs: millisecondsSchema,
  /** What the figure contains; null without any meter. */
  boundary: energyBoundarySchema.nullable(),
  tier: energyTierSchema.nullable(),
  source: idSchema.nullable(),
  watts: watts.nullable(),
  /** Shares within the boundary: devices, then "rest". */
  devices: z.array(deviceWattsSchema).max(64),
  /** Other readings of the same load, shown beside it and never added. */
  beside: z
    .array(
      z.strictObject({
        source: idSchema,
        boundary: energyBoundarySchema,
        tier: energyTierSchema,
        watts: watts.nullable(),
      }),
    )
    .max(64),
  generationWatts: watts.nullable(),
  storageWatts: watts.nullable(),
  /** How full the store is; of several the least full one. */
  storageShare: share.nullable(),
  /**
   * What the own plant makes beyond what storage takes and the load, or what is sold where a meter
   * says so; below 0 where more is needed. null: not known.
   */
  surplusWatts: watts.nullable(),
  today: energyTotalsSchema.extend({ fromMs: millisecondsSchema }),
  clock: clockStateSchema,
  meters: z.array(meterStateSchema).max(64),
});

export const energyHoursParamsSchema = z.strictObject({
  fromMs: millisecondsSchema,
  toMs: millisecondsSchema,
  step: z.union(ENERGY_STEPS.map((step) => z.literal(step))).default(3_600),
});

/** One row of `energy.hours`. */
export const energyHourSchema = z.strictObject({
  startMs: millisecondsSchema,
  loadMillijoules: joules.nullable(),
  /** Of the load: by device, and what is left ("rest" of the machine). */
  devices: z.array(z.strictObject({ device: idSchema, millijoules: joules })).max(64),
  restMillijoules: joules.nullable(),
  ownMillijoules: joules.nullable(),
  /** Given back by a store out of what the own plant had put in; the rest is the grid's. */
  storageMillijoules: joules.nullable(),
  /** Load less own and storage, never below 0. */
  gridMillijoules: joules.nullable(),
  matchedMillijoules: joules,
  /** Own energy beyond the load of this row. */
  surplusMillijoules: joules,
  coverage: share,
  quality: energyQualitySchema.nullable(),
  tier: energyTierSchema.nullable(),
  source: idSchema.nullable(),
  clock: clockStateSchema.nullable(),
  resets: countSchema,
  gridGramsPerKwh: z.number().min(0).nullable(),
  gridEstimated: z.boolean(),
  gridSource: z.string().max(32).nullable(),
  gridCarbonFree: share.nullable(),
  marginalGramsPerKwh: z.number().min(0).nullable(),
  residualGramsPerKwh: z.number().min(0).nullable(),
  priceMicrosPerKwh: money.nullable(),
  costMicros: money.nullable(),
});

/** What `energy.hours` answers: every row of the span, those without any reading too. */
export const energyHoursSchema = z.strictObject({
  fromMs: millisecondsSchema,
  toMs: millisecondsSchema,
  step: countSchema,
  boundary: energyBoundarySchema.nullable(),
  attributes: attributesSchema,
  zone: z.string().max(64).nullable(),
  currency: currencySchema.nullable(),
  rows: z.array(energyHourSchema).max(ENERGY_ANSWER_ROWS_MAX),
  totals: energyTotalsSchema,
});

/** What a unit cost and brought. */
export const unitEnergySchema = z.strictObject({
  unit: digestSchema,
  job: digestSchema,
  jobName: z.string().max(64),
  device: idSchema,
  sources: z.array(idSchema).max(8),
  tier: energyTierSchema,
  startMs: millisecondsSchema,
  endMs: millisecondsSchema,
  /** How often it was taken up; what was between is not counted. */
  trainings: countSchema,
  millijoules: joules.nullable(),
  coverage: share,
  quality: energyQualitySchema,
  steps: countSchema,
  outcome: z.enum(["open", "paid", "voided"]),
  /** Only of units that were accepted and paid. */
  joulesPerStep: z.number().min(0).nullable(),
  rewardBase: amountBaseSchema,
  /** Joules for one VIV that was paid. */
  joulesPerViv: z.number().min(0).nullable(),
  costMicros: money.nullable(),
  /** Reward at what its owner reckons a VIV to be worth; null where nobody says. */
  profitMicros: money.nullable(),
  /** The same less the cost of energy. */
  profitAfterEnergyMicros: money.nullable(),
});

/** What `energy.units` answers. */
export const energyUnitsSchema = z.strictObject({
  currency: currencySchema.nullable(),
  /** "practice, no value" where rewards have none, else empty. */
  valueNote: z.string().max(64),
  units: z.array(unitEnergySchema).max(200),
  totals: z.strictObject({
    units: countSchema,
    paid: countSchema,
    millijoules: joules.nullable(),
    /** Energy of paid units by their steps. */
    joulesPerStep: z.number().min(0).nullable(),
    rewardBase: amountBaseSchema,
    joulesPerViv: z.number().min(0).nullable(),
    costMicros: money.nullable(),
    profitMicros: money.nullable(),
    profitAfterEnergyMicros: money.nullable(),
  }),
});

/** What `energy.sources` answers. */
export const energySourcesSchema = z.strictObject({
  sources: z
    .array(
      z.strictObject({
        id: idSchema,
        role: sourceRoleSchema,
        kind: z.string().max(32),
        tier: energyTierSchema,
        boundary: energyBoundarySchema,
        device: idSchema.nullable(),
        makeModel: nameSchema.nullable(),
        meterSigned: z.boolean(),
        uncertaintyPercent: z.number().min(0),
        sinceMs: millisecondsSchema.nullable(),
        /** Takes part in the load that is counted; others are shown beside it. */
        counted: z.boolean(),
        state: z.enum(["opening", "reading", "late", "failed", "gone"]),
      }),
    )
    .max(256),
  /** Weakest source that a matched kWh rests on; null where nothing can be matched. */
  evidence: energyTierSchema.nullable(),
  attributes: attributesSchema,
  zone: z.string().max(64).nullable(),
  tariff: z.strictObject({
    kind: z.enum(["none", "flat", "hour-of-week", "signal"]),
    currency: currencySchema.nullable(),
    nowMicrosPerKwh: money.nullable(),
  }),
  /** Data sets that factors come from, each with its licence. */
  datasets: z
    .array(
      z.strictObject({
        name: nameSchema,
        version: z.string().max(32),
        licence: z.string().max(64),
        attribution: z.string().max(256),
      }),
    )
    .max(16),
  /** What a better figure needs, in words that say what to do. */
  missing: z.array(
    z.strictObject({
      what: z.enum(["meter", "generation", "zone", "tariff", "attributes", "signal", "clock"]),
      next: z.string().max(256),
    }),
  ),
});

const signalPointSchema = z.strictObject({
  startMs: millisecondsSchema,
  endMs: millisecondsSchema,
  /** grams of CO2 equivalent per kWh, or 10^-6 of the currency per kWh. */
  value: z.number(),
});

/** One signal: its value now and what is foretold. */
export const energySignalSchema = z.strictObject({
  source: z.string().max(32),
  zone: z.string().max(64),
  now: signalPointSchema.nullable(),
  estimated: z.boolean(),
  forecast: z.array(signalPointSchema).max(256),
  fetchedMs: millisecondsSchema.nullable(),
  /** Why the newest fetch failed; null when it did not. */
  code: codeSchema.nullable(),
  facts: factsSchema,
});

/** What `energy.signals` answers. Average is for footprints, marginal only for when to run. */
export const energySignalsSchema = z.strictObject({
  average: energySignalSchema.nullable(),
  marginal: energySignalSchema.nullable(),
  carbonFree: energySignalSchema.nullable(),
  price: energySignalSchema.nullable(),
  currency: currencySchema.nullable(),
});

export type EnergyNow = z.infer<typeof energyNowSchema>;
export type EnergyHours = z.infer<typeof energyHoursSchema>;
export type EnergyHour = z.infer<typeof energyHourSchema>;
export type EnergyTotals = z.infer<typeof energyTotalsSchema>;
export type EnergyUnits = z.infer<typeof energyUnitsSchema>;
export type UnitEnergyAnswer = z.infer<typeof unitEnergySchema>;
export type EnergySources = z.infer<typeof energySourcesSchema>;
export type EnergySignal = z.infer<typeof energySignalSchema>;
export type EnergySignals = z.infer<typeof energySignalsSchema>;
export type MeterState = z.infer<typeof meterStateSchema>;
