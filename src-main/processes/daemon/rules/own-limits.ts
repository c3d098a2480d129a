/**
 * Decides how an owner's limits of single devices are known, changed and kept: in force at once,
 * and in the settings file for the next start. What the file may hold is what may be set here.
 */

import type { LimitsSetParams } from "../../../contract/control-api/index.ts";
import { accept, reject } from "../../../contract/outcome.ts";
import type { Outcome } from "../../../contract/outcome.ts";
import { noLimits } from "../../../energy/rules/index.ts";
import type { DeviceLimits } from "../../../energy/rules/index.ts";
import type { Log } from "../../../ports/log.ts";
import { editLimits } from "../../config/edit-config.ts";
import { configText, writeConfigText } from "../../config/load-config.ts";
import type { ConfigSource } from "../../config/load-config.ts";

/** What they are opened with. */
export interface OwnLimitsParts {
  readonly limits: readonly DeviceLimits[];
  readonly source: ConfigSource;
  readonly log: Log;
}

/** Limits of devices by their owner. */
export class OwnLimits {
  readonly #parts: OwnLimitsParts;
  #limits: readonly DeviceLimits[];

  constructor(parts: OwnLimitsParts) {
    this.#parts = parts;
    this.#limits = parts.limits;
  }

  current(): readonly DeviceLimits[] {
    return this.#limits;
  }

  of(device: string): DeviceLimits {
    return this.#limits.find((one) => one.device === device) ?? noLimits(device);
  }

  /**
   * Sets what is given; what is left out stays.
   * @rejects PROCESSES_CONFIG_GIVEN, PROCESSES_CONFIG_VALUE and all of `editLimits`
   * Throws Fault where the file cannot be written; nothing has changed then.
   */
  set({ device, pauseCelsius, watts, on }: LimitsSetParams): Outcome<void> {
    const { source, log } = this.#parts;
    const { file, isGiven } = source;
    // A file that was named is read only: it may be the system's, or of many machines.
    if (isGiven) return reject("PROCESSES_CONFIG_GIVEN", { file });
    const was = this.of(device);
    const next: DeviceLimits = {
      device,
      pauseCelsius: pauseCelsius === undefined ? was.pauseCelsius : pauseCelsius,
      watts: watts === undefined ? was.watts : watts,
      on: on ?? was.on,
    };
    const text = configText(file);
    if (!text.ok) return text;
    const edited = editLimits(text.value, next);
    if (!edited.ok) return edited;
    if (edited.value !== text.value) writeConfigText(file, edited.value);
    this.#limits = [...this.#limits.filter((one) => one.device !== device), next];
    log.info("limits of a device were set", {
      device,
      pauseCelsius: next.pauseCelsius ?? "standard",
      watts: next.watts ?? "none",
      on: next.on,
    });
    return accept(undefined);
  }
}
