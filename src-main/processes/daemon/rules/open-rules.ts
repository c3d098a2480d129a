/** Decides how rules and protections stand in the daemon: signals in, work held or not. */

import { systemClock } from "../../../adapters/host/index.ts";
import { onBattery } from "../../../adapters/machine/power-source.ts";
import { userActive } from "../../../adapters/machine/user-activity.ts";
import type { Handlers, LimitsNeeds } from "../../../api/index.ts";
import type { Outcome } from "../../../contract/outcome.ts";
import type { UnitInHand } from "../../../energy/rules/index.ts";
import type { Log } from "../../../ports/log.ts";
import type { Config } from "../../config/keys.ts";
import type { ConfigSource } from "../../config/load-config.ts";
import type { ChosenEngine } from "../choose-engine.ts";
import type { StopStep } from "../stopping.ts";
import type { Telemetry } from "../telemetry/telemetry.ts";
import { AskedBeside } from "./asked-beside.ts";
import { CapKeeper } from "./cap-keeper.ts";
import type { CapKeeperNeeds } from "./cap-keeper.ts";
import { CapSources } from "./cap-sources.ts";
import type { CountedLoad } from "./cap-sources.ts";
import { DaemonSignals } from "./daemon-signals.ts";
import { limitsState } from "./device-limits.ts";
import { Governor } from "./governor.ts";
import type { HeldMining } from "./held-mining.ts";
import { localTimeIn } from "./local-time.ts";
import { OwnLimits } from "./own-limits.ts";

/** How often each is asked. */
const EVERY_MS = { battery: 10_000, user: 30_000, energy: 10_000, grid: 30_000 } as const;

/** What they are opened with. */
export interface RulesParts {
  readonly config: Pick<Config, "limits" | "owner" | "protection" | "rules">;
  /** Where the settings are, for limits that are set here. */
  readonly source: ConfigSource;
  readonly log: Log;
  readonly mining: HeldMining;
  readonly telemetry: Telemetry;
  readonly engine: Pick<ChosenEngine, "graphics">;
  /** Answers of the energy room. */
  readonly energy: Pick<Handlers, "energy.now" | "energy.signals">;
  readonly loads: () => readonly CountedLoad[];
  /** Id of the device that trains. */
  readonly training: string;
  readonly cards: CapKeeperNeeds["cards"];
  /** When a unit must be sealed, in milliseconds; null where nobody knows it. */
  readonly deadlineOf: (unit: string) => number | null;
}

/** Rules and limits as the daemon answers of them. */
export interface OpenRules {
  readonly governor: Governor;
  readonly limits: LimitsNeeds;
}

/** Begins to decide, once a second, when devices were read. */
export function openRules(parts: RulesParts, stops: StopStep[]): OpenRules {
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
  const { own, sources, caps } = openLimits(parts);
  const governor = new Governor({
    settings: {
      rules: config.rules,
      get limits() {
        return { ...config.protection, own: own.current() };
      },
    },
    caps,
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
  const unlisten = telemetry.onSamples(() => {
    sources.tick();
    governor.tick();
  });
  stops.push({
    name: "rules",
    stop: () => {
      unlisten();
      for (const one of asked) one.close();
      return Promise.resolve();
    },
  });
  return { governor, limits: limitAnswers(parts, { own, sources, caps, governor }) };
}

interface OpenedLimits {
  readonly own: OwnLimits;
  readonly sources: CapSources;
  readonly caps: CapKeeper;
}

function openLimits(parts: RulesParts): OpenedLimits {
  const { config, source, log, mining, telemetry, training, loads, cards } = parts;
  const own = new OwnLimits({ limits: config.limits, source, log });
  const sources = new CapSources({ latestSamples: () => telemetry.latestSamples(), loads });
  const caps = new CapKeeper({
    limits: () => own.current(),
    training,
    sourceOf: (device) => sources.of(device),
    unit: () => unitInHand(parts),
    pace: (share) => mining.pace(share),
    cards,
  });
  return { own, sources, caps };
}

/** The unit that is trained now; none while work is held or paused. */
function unitInHand({ mining, deadlineOf }: RulesParts): UnitInHand | null {
  const { state } = mining.status();
  if (state !== "working" && state !== "finishing") return null;
  const unit = mining.units().find(({ phase }) => phase === "training");
  if (unit === undefined) return null;
  const { trainMs = 0, commitMs = 0, spotMs = 0 } = unit.times ?? {};
  const deadline = deadlineOf(unit.unit);
  return {
    step: unit.step,
    steps: unit.steps,
    workedMs: trainMs + commitMs + spotMs,
    leftMs: deadline === null ? 0 : deadline - systemClock.nowMs(),
  };
}

function limitAnswers(
  { config, telemetry, training }: RulesParts,
  { own, sources, caps, governor }: OpenedLimits & { readonly governor: Governor },
): LimitsNeeds {
  return {
    state: () =>
      limitsState({
        training,
        inUse: caps.inUse,
        protection: { ...config.protection, own: own.current() },
        own: (device) => own.of(device),
        ownDevices: own.current().map(({ device }) => device),
        samples: telemetry.latestSamples(),
        caps: caps.caps(),
        nameplateOf: (device) => sources.of(device).nameplateWatts,
      }),
    set: (params) => {
      const set = own.set(params);
      if (set.ok) governor.tick();
      return set;
    },
  };
}

/** A refusal, such as that energy is not counted, is "not known". */
async function valueOf<T>(asked: Promise<Outcome<T>>): Promise<T | null> {
  const outcome = await asked;
  return outcome.ok ? outcome.value : null;
}
