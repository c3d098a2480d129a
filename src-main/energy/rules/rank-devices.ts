/**
 * Decides which device does the same work with the least energy: by measured steps for a joule.
 * A figure rests on a measurement or does not count; without any, the faster one comes first.
 */

/** What was measured of a device with one engine. */
export interface MeasuredDevice {
  readonly device: string;
  readonly engine: string;
  /** Whether every op gives the reference's bytes on it; what is not exact never ranks. */
  readonly exact: boolean;
  readonly stepsPerSecond: number | null;
  /** Joules of a step as measured; null where no meter or sensor saw it. */
  readonly joulesPerStep: number | null;
  /** How good the joules are: A revenue meter to E declared; null without them. */
  readonly tier: "A" | "B" | "C" | "D" | "E" | null;
}

/** A ranked device: steps for a joule, null where they were not measured. */
export interface RankedDevice extends MeasuredDevice {
  readonly stepsPerJoule: number | null;
}

/**
 * Devices that may work, best first: those with measured joules by steps for a joule, then the
 * rest by speed. A modelled or declared figure (D, E) is no measurement. Ties keep their order.
 */
export function rankByEnergy(measured: readonly MeasuredDevice[]): RankedDevice[] {
  const ranked = measured
    .filter(({ exact }) => exact)
    .map((device) => ({ ...device, stepsPerJoule: stepsPerJoule(device) }));
  const speed = ({ stepsPerSecond }: MeasuredDevice) => stepsPerSecond ?? -1;
  return ranked.sort((left, right) => {
    const [one, other] = [left.stepsPerJoule ?? -1, right.stepsPerJoule ?? -1];
    return other - one || speed(right) - speed(left);
  });
}

function stepsPerJoule({ joulesPerStep, tier }: MeasuredDevice): number | null {
  const isMeasured = tier === "A" || tier === "B" || tier === "C";
  if (!isMeasured || joulesPerStep === null) return null;
  return joulesPerStep > 0 && Number.isFinite(joulesPerStep) ? 1 / joulesPerStep : null;
}
