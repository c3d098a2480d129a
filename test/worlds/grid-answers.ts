/**
 * Answers of the services about the grid, written from their documentation (none was recorded from
 * a live service): Electricity Maps v3, WattTime v3, Carbon Intensity API, aWATTar marketdata.
 */

const hours = (values: readonly (number | null)[]) =>
  values.map((carbonIntensity, hour) => ({
    zone: "DE",
    carbonIntensity,
    datetime: `2026-11-22T${String(hour).padStart(2, "0")}:00:00.000Z`,
    updatedAt: "2026-11-22T03:40:00.000Z",
    createdAt: "2026-11-20T00:00:00.000Z",
    emissionFactorType: "lifecycle",
    isEstimated: hour > 0,
    estimationMethod: hour > 0 ? "TIME_SLICER_AVERAGE" : null,
  }));

export const ELECTRICITY_MAPS = {
  history: { zone: "DE", history: hours([342.5, 331, null]) },
  forecast: {
    zone: "DE",
    forecast: [
      { carbonIntensity: 210, datetime: "2026-11-22T03:00:00.000Z" },
      { carbonIntensity: 190, datetime: "2026-11-22T04:00:00.000Z" },
    ],
    updatedAt: "2026-11-22T03:40:00.000Z",
  },
  breakdown: {
    zone: "DE",
    history: [
      {
        zone: "DE",
        datetime: "2026-11-22T00:00:00.000Z",
        fossilFreePercentage: 61,
        renewablePercentage: 58,
        isEstimated: false,
        estimationMethod: null,
      },
    ],
  },
};

export const WATT_TIME = {
  login: { token: "abcd1234.efgh5678.vwxyz" },
  forecast: {
    data: Array.from({ length: 24 }, (_, index) => ({
      point_time: new Date(Date.UTC(2026, 10, 22) + index * 300_000)
        .toISOString()
        .replace(".000Z", "+00:00"),
      value: index < 12 ? 1_000 : 500 + index,
    })),
    meta: {
      data_point_period_seconds: 300,
      generated_at: "2026-11-22T00:00:00+00:00",
      model: { date: "2026-03-01" },
      region: "CAISO_NORTH",
      signal_type: "co2_moer",
      units: "lbs_co2_per_mwh",
      warnings: [],
    },
  },
};

export const UK_NATIONAL = {
  data: [
    {
      from: "2026-11-22T11:30Z",
      to: "2026-11-22T12:00Z",
      intensity: { forecast: 266, actual: 263, index: "moderate" },
    },
    {
      from: "2026-11-22T12:00Z",
      to: "2026-11-22T12:30Z",
      intensity: { forecast: 250, actual: null, index: "moderate" },
    },
  ],
};

export const UK_REGION = {
  data: {
    regionid: 3,
    dnoregion: "Electricity North West",
    shortname: "North West England",
    data: [
      {
        from: "2026-11-22T12:00Z",
        to: "2026-11-22T12:30Z",
        intensity: { forecast: 120, index: "low" },
        generationmix: [
          { fuel: "biomass", perc: 5 },
          { fuel: "gas", perc: 30 },
          { fuel: "nuclear", perc: 25.5 },
          { fuel: "wind", perc: 39.5 },
        ],
      },
    ],
  },
};

export const PRICES = {
  object: "list",
  data: [
    {
      start_timestamp: 1_795_305_600_000,
      end_timestamp: 1_795_309_200_000,
      marketprice: 42.09,
      unit: "Eur/MWh",
    },
    {
      start_timestamp: 1_795_309_200_000,
      end_timestamp: 1_795_312_800_000,
      marketprice: -5.12,
      unit: "Eur/MWh",
    },
  ],
};
