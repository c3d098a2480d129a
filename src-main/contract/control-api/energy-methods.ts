/** Decides which calls say what energy was used, from where, and what it cost. */

import { z } from "zod";

import {
  energyHoursParamsSchema,
  energyHoursSchema,
  energyNowSchema,
  energySignalsSchema,
  energySourcesSchema,
  energyUnitsSchema,
} from "./energy.ts";

const nothing = z.strictObject({});

/** Lines of the method table. */
export const ENERGY_METHODS = {
  "energy.now": {
    level: "view",
    about: "Watts now by device and boundary, today's energy, and how each meter does.",
    params: nothing,
    result: energyNowSchema,
  },
  "energy.hours": {
    level: "view",
    about: "Energy by row: load, own generation, grid, coverage, quality and factors.",
    params: energyHoursParamsSchema,
    result: energyHoursSchema,
  },
  "energy.units": {
    level: "view",
    about: "What units cost in energy and money, newest first, and what they brought.",
    params: z.strictObject({ limit: z.int().min(1).max(200).default(20) }),
    result: energyUnitsSchema,
  },
  "energy.sources": {
    level: "view",
    about: "What is measured, how good it is, and what is missing for a better figure.",
    params: nothing,
    result: energySourcesSchema,
  },
  "energy.signals": {
    level: "view",
    about: "Price and carbon intensity, now and foretold.",
    params: nothing,
    result: energySignalsSchema,
  },
} as const;
