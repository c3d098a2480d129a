/** Decides the words for limits of a device: what happens at them, in figures. */

import type { LimitsOfDevice } from "../../src-main/contract/control-api/limits.ts";
import { wattsText } from "./energy-words.ts";

/** How far a key moves the mark of a scale of watts. */
export function wattsStep(most: number): number {
  return most <= 50 ? 1 : most <= 400 ? 5 : 10;
}

/** Degrees with their unit. */
export function celsiusText(celsius: number): string {
  return `${Math.round(celsius)} °C`;
}

/** What happens at a limit of heat that is being chosen, or is in force. */
export function heatWords({ celsius }: LimitsOfDevice, chosen: number | null): string {
  const { most, pause, own, resumeMost, resumeBelow } = celsius;
  const at = chosen ?? pause;
  const isStandard = chosen === null ? own === null : chosen >= most;
  const again = at >= most ? resumeMost : Math.min(resumeMost, at - resumeBelow);
  const words = `auses at ${celsiusText(at)}, resumes at ${celsiusText(again)}.`;
  return isStandard ? `Standard: p${words}` : `P${words}`;
}

/** What happens at a limit of watts that is being chosen, or is in force. */
export function wattsWords(limits: LimitsOfDevice, chosen: number | null): string {
  const { watts, cap, inUse } = limits;
  if (chosen !== null) {
    if (chosen >= watts.most) return "No limit of its own.";
    return `Takes ${wattsText(chosen)} at most, as a mean while it works.`;
  }
  if (cap !== null) return `${cap.sentence}.`;
  if (watts.own === null) return "No limit of its own.";
  const when = inUse ? "" : " Counts once it works.";
  return `Takes ${wattsText(watts.own)} at most, as a mean while it works.${when}`;
}

/** What it means that a device is switched off. */
export function offWords({ device, trains }: LimitsOfDevice): string {
  if (device === "cpu") return "Switched off: no work runs on it until you switch it on.";
  return trains
    ? "Switched off: work waits, and runs on the processor after the next start of the daemon."
    : "Switched off: another device was chosen when the daemon started.";
}
