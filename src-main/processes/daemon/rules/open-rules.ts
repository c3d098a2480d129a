/** Decides how rules and protections stand in the daemon: signals in, work held or not. */

import { systemClock } from "../../../adapters/host/index.ts";
import { onBattery } from "../../../adapters/machine/power-source.ts";
import { userActive } from "../../../adapters/machine/user-activity.ts";
import type { Handlers } from "../../../api/index.ts";
import type { Outcome } from "../../../contract/outcome.ts";
import type { Log } from "../../../ports/log.ts";
import type { Config } from "../../config/keys.ts";
import type { ChosenEngine } from "../choose-engine.ts";
import type { StopStep } from "../stopping.ts";
import type { Telemetry } from "../telemetry/telemetry.ts";
import { AskedBeside } from "./asked-beside.ts";
import { DaemonSignals } from "./daemon-signals.ts";
import { Governor } from "./governor.ts";
import type { HeldMining } from "./held-mining.ts";
import { localTimeIn } from "./local-time.ts";

/** How often each is asked. */
const EVERY_MS = { battery: 10_000, user: 30_000, energy: 10_000, grid: 30_000 } as const;

/** What they are opened with. */
export interface RulesParts {
  readonly config: Pick<Config, "rules" | "protection" | "owner">;
  readonly log: Log;
  readonly mining: HeldMining;
  readonly telemetry: Telemetry;
  readonly engine: Pick<ChosenEngine, "graphics">;
  /** Answers of the energy room. */
  readonly energy: Pick<Handlers, "energy.now" | "energy.signals">;
}

/** Begins to decide, once a second, when devices were read. */
export function openRules(parts: RulesParts, stops: StopStep[]): Governor {
  const { config, log, mining, telemetry, engine, energy } = parts;
  const asked: AskedBeside<unknown>[] = [];
  const beside = <T>(isNeeded: boolean, everyMs: number, ask: () => Promise<T>) => {
    if (!isNeeded) return () => null;
    const one = new AskedBeside(ask, systemClock, everyMs);
    asked.push(one);
    return () => one.value;
  };
  // What no rule asks for is not looked up: some of it starts foreign tools.
  const uses = (kind: string) =>
    config.rules.some(({ conditions }) => conditions.some((one) => one.kind === kind));
  const battery = beside(uses("battery"), EVERY_MS.battery, () => onBattery());
  const user = beside(uses("user"), EVERY_MS.user, () => userActive());
  const needsWorld = config.rules.length > 0 || config.protection.totalWatts !== null;
  const now = beside(needsWorld, EVERY_MS.energy, () => valueOf(energy["energy.now"]({})));
  const signals = beside(needsWorld, EVERY_MS.grid, () => valueOf(energy["energy.signals"]({})));
  const governor = new Governor({
    settings: { rules: config.rules, limits: config.protection },
    signals: new DaemonSignals({
      latestSamples: () => telemetry.latestSamples(),
      graphicsName: engine.graphics?.name ?? null,
      units: () => mining.units(),
      minerState: () => mining.status().state,
      world: () => ({ now: now(), signals: signals() }),
      onBattery: battery,
      userActive: user,
    }),
    mining,
    log,
    localTime: localTimeIn(config.owner.timeZone),
    nowMs: () => systemClock.nowMs(),
    runMs: () => performance.now(),
  });
  // Before work begins: a rule that pauses must not let a second of it through.
  governor.tick();
  const unlisten = telemetry.onSamples(() => governor.tick());
  stops.push({
    name: "rules",
    stop: () => {
      unlisten();
      for (const one of asked) one.close();
      return Promise.resolve();
    },
  });
  return governor;
}

/** A refusal, such as that energy is not counted, is "not known". */
async function valueOf<T>(asked: Promise<Outcome<T>>): Promise<T | null> {
  const outcome = await asked;
  return outcome.ok ? outcome.value : null;
}
