/**
 * Decides how much of a load was met by sources whose claim its owner kept, row by row, and what
 * the grid's part weighs. Surplus of one row never serves another; a factor that is missing makes
 * a total null, never smaller. Average factors alone: marginal ones say when to run, not what was
 * emitted.
 *
 *   matched  = min(load, own + storage + certificates); own and storage only where retained, and
 *              storage only with what the own plant had put in
 *   bought   = load − min(load, own + storage), whoever has the attributes: no grid carried it
 *   location = sum of bought × grid average;  market = sum of (load − matched) × residual mix
 *   score    = sum of (matched + (load − matched) × carbon-free share of the grid) ÷ sum of load
 */

/** Whether the owner kept the claim to what the own plant made. */
export type Attributes = "retained" | "sold" | "unknown" | "none";

/** Energy and factors of one row; energies are whole millijoules. */
export interface SourceRow {
  readonly loadMillijoules: number;
  /** Made by the own plant. */
  readonly ownMillijoules: number;
  /** Given back by storage out of what the own plant had put in (storage-mix.ts). */
  readonly storageMillijoules: number;
  /** Taken by storage out of what the own plant made. */
  readonly chargedMillijoules: number;
  /** Certificates that were cancelled for this row and zone. */
  readonly certificateMillijoules: number;
  /** Average of the grid, milligrams a kWh. */
  readonly gridMilligrams: number | null;
  /** Of what is left when certificates are taken out, milligrams a kWh. */
  readonly residualMilligrams: number | null;
  /** Carbon-free part of the grid, millionths. */
  readonly carbonFreeMillionths: number | null;
}

/** What a row's load was met with. */
export interface MatchedRow {
  readonly matchedMillijoules: number;
  readonly boughtMillijoules: number;
  /** Own energy beyond load and storage. */
  readonly surplusMillijoules: number;
}

/** Sums over rows. */
export interface SourceTotals {
  readonly loadMillijoules: number;
  readonly matchedMillijoules: number;
  /** Matched of the load row by row; null without load. */
  readonly hourlyMatch: number | null;
  /** The same as if surplus could wait: what yearly matching would say, at most 1. */
  readonly volumeMatch: number | null;
  readonly cfeScore: number | null;
  readonly locationGrams: number | null;
  readonly marketGrams: number | null;
}

const MILLIJOULES_PER_KWH = 3_600_000_000;

/** What met the load of one row. */
export function matchRow(row: SourceRow, attributes: Attributes): MatchedRow {
  const load = row.loadMillijoules;
  const own = Math.max(0, row.ownMillijoules - row.chargedMillijoules);
  const onSite = own + row.storageMillijoules;
  const claimed = attributes === "retained" ? onSite : 0;
  return {
    matchedMillijoules: Math.min(load, claimed + row.certificateMillijoules),
    boughtMillijoules: load - Math.min(load, onSite),
    surplusMillijoules: Math.max(0, own - load),
  };
}

/** Totals over rows of one length; a row of another length matches by its own border. */
export function sourceTotals(rows: readonly SourceRow[], attributes: Attributes): SourceTotals {
  let [load, matched, offered] = [0, 0, 0];
  let free: number | null = 0;
  let location: number | null = 0;
  let market: number | null = 0;
  for (const row of rows) {
    const { matchedMillijoules: met, boughtMillijoules: bought } = matchRow(row, attributes);
    const rest = row.loadMillijoules - met;
    load += row.loadMillijoules;
    matched += met;
    offered += offeredBy(row, attributes);
    free = added(free, rest, row.carbonFreeMillionths);
    location = added(location, bought, row.gridMilligrams);
    market = added(market, rest, row.residualMilligrams);
  }
  const share = (part: number) => (load === 0 ? null : part / load);
  return {
    loadMillijoules: load,
    matchedMillijoules: matched,
    hourlyMatch: share(matched),
    volumeMatch: share(Math.min(load, offered)),
    cfeScore: free === null ? null : share(matched + free / 1_000_000),
    locationGrams: gramsOf(location),
    marketGrams: gramsOf(market),
  };
}

function offeredBy(row: SourceRow, attributes: Attributes): number {
  const own = Math.max(0, row.ownMillijoules - row.chargedMillijoules);
  const claimed = attributes === "retained" ? own + row.storageMillijoules : 0;
  return claimed + row.certificateMillijoules;
}

function added(sum: number | null, millijoules: number, factor: number | null): number | null {
  if (millijoules === 0 || sum === null) return sum;
  return factor === null ? null : sum + millijoules * factor;
}

/** From millijoules times milligrams a kWh. */
function gramsOf(weighted: number | null): number | null {
  return weighted === null ? null : weighted / MILLIJOULES_PER_KWH / 1_000;
}
