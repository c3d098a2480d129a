/**
 * Decides how the power cap of an AMD card is set: the file `power1_cap` of its sensor chip, within
 * `power1_cap_min` and `power1_cap_max`, never above what the caller allows, in whole watts, and
 * believed only as it is read back. The kernel lets root alone write it, unless the owner lets a
 * group do so.
 * @source kernel documentation, gpu/amdgpu/thermal
 */

import { writeFileSync } from "node:fs";
import { join } from "node:path";

import type { FileLimit, LimitAnswer, LimitWish } from "../../ports/power-limit.ts";
import { numberOf, textOf } from "./kept-file.ts";

/** The kernel counts in millionths of a watt. */
const MICRO = 1_000_000;

/** Half of what the driver rounds to. */
const SAME_WATTS = 0.5;

/** A limit that can be read and, where the system lets this account, set. */
export interface PowerCap extends FileLimit {
  limit(wish: LimitWish): LimitAnswer;
}

/**
 * The cap of a chip; null where it shows none.
 * @param chip  folder of the chip, "…/hwmon/hwmon3"
 * @param key   the card's name over restarts
 * @param write  stands in for the system in tests
 */
export function powerCap(
  chip: string,
  key: string,
  write: (file: string, text: string) => void = writeFileSync,
): PowerCap | null {
  const watts = (file: string): number | null => {
    const microwatts = numberOf(textOf(join(chip, file)));
    return microwatts === null ? null : microwatts / MICRO;
  };
  const file = join(chip, "power1_cap");
  const greatest = watts("power1_cap_max");
  const found = watts("power1_cap");
  // A card that shows no bounds is not told anything: what it stands is not known.
  if (found === null || found <= 0 || greatest === null || greatest <= 0) return null;
  const leastWatts = Math.max(1, watts("power1_cap_min") ?? 1);
  return {
    key,
    file,
    leastWatts,
    limit: (wish) => {
      const before = watts("power1_cap");
      const answer = (outcome: LimitAnswer["outcome"], why: string): LimitAnswer => {
        return { outcome, why, before, now: watts("power1_cap") };
      };
      if (before === null) return answer("not-supported", "the driver shows no cap");
      if (wish.watts === null) return answer("done", "");
      const most = Math.min(greatest, wish.mostWatts ?? before);
      const whole = Math.floor(Math.min(most, Math.max(leastWatts, wish.watts)));
      try {
        write(file, String(whole * MICRO));
      } catch (error) {
        return refused(error, answer);
      }
      const now = watts("power1_cap");
      const isSet = now !== null && Math.abs(now - whole) <= SAME_WATTS;
      return isSet ? answer("done", "") : answer("failed", "the driver did not keep what was set");
    },
  };
}

function refused(
  error: unknown,
  answer: (outcome: LimitAnswer["outcome"], why: string) => LimitAnswer,
): LimitAnswer {
  const code = (error as NodeJS.ErrnoException).code ?? "unknown";
  if (code === "EACCES" || code === "EPERM") return answer("no-permission", "root alone may");
  if (code === "EROFS") return answer("no-permission", "the service sees /sys read-only");
  return answer("failed", `the driver refused it (${code})`);
}
