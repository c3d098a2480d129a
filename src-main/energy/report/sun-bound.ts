/**
 * Decides the most that a photovoltaic plant can give at a time and place: the sun's elevation
 * (suncalc), the air mass it shines through, and a clear sky. Generous on purpose: what lies above
 * was not the sun.
 */

import { getPosition } from "suncalc";

import { SUN_DARK_DEGREES, SUN_SHARE } from "./limits.ts";

/** A place in degrees, north and east positive. */
export interface Place {
  readonly latitude: number;
  readonly longitude: number;
}

/** Tenths of a degree are shown; the sun stands this much higher at the other end of that. */
const PLACE_DEGREES = 0.15;

/** Watts a square metre above the air. */
const SUN_CONSTANT = 1_361;

/** Nameplates are stated at this light. */
const NAMEPLATE_LIGHT = 1_000;

/** Light of the sky alone, at dusk and from the sides. */
const DIFFUSE_LIGHT = 150;

/** The sun's elevation in degrees, refraction included. */
export function sunDegrees({ latitude, longitude }: Place, atMs: number): number {
  return getPosition(new Date(atMs), latitude, longitude).altitude;
}

/** Most a plant gives of its nameplate at an elevation of the sun, however its panels lean. */
export function clearSkyShare(degrees: number): number {
  if (degrees <= SUN_DARK_DEGREES) return 0;
  // Below the horizon there is twilight alone.
  if (degrees <= 0) return (0.3 * DIFFUSE_LIGHT) / NAMEPLATE_LIGHT;
  // Kasten and Young 1989 for the air mass, Meinel 1976 for what passes it.
  const sine = Math.sin((degrees * Math.PI) / 180);
  const airMass = 1 / (sine + 0.50572 * (degrees + 6.07995) ** -1.6364);
  const direct = SUN_CONSTANT * 0.7 ** (airMass ** 0.678);
  return (SUN_SHARE * (direct + DIFFUSE_LIGHT)) / NAMEPLATE_LIGHT;
}

const SAMPLE_MS = 300_000;

/** Most Wh of a nameplate within a time; 0 only where the sun is down all along. */
export function mostSunWh(place: Place, nameplateW: number, fromMs: number, toMs: number): number {
  let wh = 0;
  for (let atMs = fromMs; atMs < toMs; atMs += SAMPLE_MS) {
    const ends = [atMs, Math.min(atMs + SAMPLE_MS, toMs)];
    const highest = Math.max(...ends.map((ms) => sunDegrees(place, ms))) + PLACE_DEGREES;
    wh += (nameplateW * clearSkyShare(highest) * (ends[1] - ends[0])) / 3_600_000;
  }
  return wh;
}
