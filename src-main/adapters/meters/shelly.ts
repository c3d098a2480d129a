/**
 * Decides how Shelly devices are read over their local HTTP interface, without any cloud. From the
 * second generation on: `/rpc/Switch.GetStatus` and its like, energy in watt hours with three
 * decimals, kept over restarts. First generation: `/status`, energy in watt minutes (plugs) or watt
 * hours (energy meters), and a plug's register begins anew with each restart.
 */

import { Fault } from "../../contract/outcome.ts";
import type { Meter, MeterReading } from "../../ports/meter.ts";
import {
  isAnswer,
  nameIn,
  numberIn,
  objectIn,
  optionalNumber,
  parseAnswer,
} from "./answer-fields.ts";
import type { Answer } from "./answer-fields.ts";
import type { DescribedSource, DescriptionFields } from "./description-fields.ts";
import { askWithLogin } from "./digest-login.ts";
import type { AskWithLogin } from "./digest-login.ts";
import { statusFault } from "./http-request.ts";
import type { MeterNeeds } from "./meter-needs.ts";
import { MILLIJOULES_PER_WATT_HOUR, registerMillijoules, toWatts } from "./millijoules.ts";
import { networkMeter } from "./network-meter.ts";
import type { DeviceAnswer } from "./network-meter.ts";
import type { Secret } from "./secret.ts";
import { sourceIdentity } from "./source-identity.ts";

/** Which part of the device measures. */
export type ShellyComponent = "switch" | "pm1" | "em" | "em1" | "gen1-meter" | "gen1-emeter";

/** A Shelly device of the settings. */
export interface ShellyDescription extends DescribedSource {
  readonly kind: "shelly";
  readonly url: string;
  readonly component: ShellyComponent;
  /** Number of the component; plugs have 0. */
  readonly channel: number;
  /** True counts what is given back to the grid; only three-phase meters have that register. */
  readonly returned: boolean;
  readonly user: string;
  readonly password: Secret | null;
}

const COMPONENTS = ["switch", "pm1", "em", "em1", "gen1-meter", "gen1-emeter"] as const;

/** Shelly states no class for its plugs; reviews find 1 to 2 %. Override where it is known. */
const UNCERTAINTY_PERCENT = 2;

const CHANNEL_MAX = 15;

const MILLIJOULES_PER_WATT_MINUTE = 60_000;

/** Reads the keys of a Shelly device: url, component, channel, returned, user, password(_file). */
export function checkShelly(fields: DescriptionFields): ShellyDescription {
  return {
    kind: "shelly",
    ...fields.source({
      role: "load",
      boundary: "wall",
      uncertaintyPercent: UNCERTAINTY_PERCENT,
    }),
    url: fields.url("url"),
    component: fields.choice("component", COMPONENTS, "switch"),
    channel: fields.whole("channel", 0, CHANNEL_MAX, 0),
    returned: fields.flag("returned"),
    user: fields.optionalText("user") ?? "admin",
    password: fields.secret("password"),
  };
}

/** Energy and power as the device says them. */
interface Figures {
  readonly millijoules: number;
  readonly watts: number | null;
}

/** Opens it; nothing is asked before the first reading. */
export function openShelly(description: ShellyDescription, needs: MeterNeeds): Meter {
  const identity = sourceIdentity(description, { kind: "smart-plug", tier: "B" });
  const ask = askWithLogin({ user: description.user, password: description.password }, needs);
  let names: Pick<DeviceAnswer, "makeModel" | "serial"> | null = null;
  return networkMeter(
    {
      identity,
      async ask() {
        names ??= await askNames(description, ask);
        const beforeMs = needs.clock.nowMs();
        const figures = await askFigures(description, ask);
        const atMs = Math.floor((beforeMs + needs.clock.nowMs()) / 2);
        return { reading: readingOf(figures, atMs), ...names };
      },
      drop: () => undefined,
      end: () => undefined,
    },
    needs,
  );
}

function readingOf({ millijoules, watts }: Figures, atMs: number): MeterReading {
  const register = { millijoules, wrapsAtMillijoules: null, epoch: null };
  return { atMs, register, watts, signature: null };
}

const isFirst = ({ component }: ShellyDescription): boolean => component.startsWith("gen1-");

async function askJson(url: string, ask: AskWithLogin): Promise<Answer> {
  const at = new URL(url);
  const reply = await ask(at);
  const fault = statusFault(reply, at.host);
  if (fault !== undefined) throw fault;
  return parseAnswer(reply.text);
}

/** Who it is; both generations say it without a login. */
async function askNames(
  description: ShellyDescription,
  ask: AskWithLogin,
): Promise<Pick<DeviceAnswer, "makeModel" | "serial">> {
  const path = isFirst(description) ? "/shelly" : "/rpc/Shelly.GetDeviceInfo";
  const info = await askJson(`${description.url}${path}`, ask);
  const model = nameIn(info, isFirst(description) ? "type" : "model");
  return { makeModel: model === null ? null : `Shelly ${model}`, serial: nameIn(info, "mac") };
}

async function askFigures(description: ShellyDescription, ask: AskWithLogin): Promise<Figures> {
  const { url, component, channel, returned } = description;
  const rpc = (method: string): Promise<Answer> =>
    askJson(`${url}/rpc/${method}.GetStatus?id=${channel}`, ask);
  switch (component) {
    case "switch":
    case "pm1":
      return ofSwitch(await rpc(component === "switch" ? "Switch" : "PM1"), returned);
    case "em":
      return ofMeter(await rpc("EM"), await rpc("EMData"), "total_act_power", returned);
    case "em1":
      return ofMeter(await rpc("EM1"), await rpc("EM1Data"), "act_power", returned);
    case "gen1-meter":
    case "gen1-emeter":
      return ofStatus(await askJson(`${url}/status`, ask), description);
  }
}

/**
 * Figures of a switch or a plain power meter of the second generation.
 * Throws Fault METERS_NO_ENTITY for a switch that does not measure.
 */
function ofSwitch(status: Answer, returned: boolean): Figures {
  const energy = objectIn(status, returned ? "ret_aenergy" : "aenergy");
  if (energy === undefined) {
    throw new Fault("METERS_NO_ENTITY", "this part of the device does not measure energy", {});
  }
  const watts = returned ? null : optionalNumber(status, "apower");
  return {
    millijoules: registerMillijoules(numberIn(energy, "total") * MILLIJOULES_PER_WATT_HOUR),
    watts: watts === null ? null : toWatts(watts, "W"),
  };
}

function ofMeter(status: Answer, data: Answer, power: string, returned: boolean): Figures {
  const total = component(data, returned);
  const watts = optionalNumber(status, power);
  return {
    millijoules: registerMillijoules(total * MILLIJOULES_PER_WATT_HOUR),
    // Positive is drawn, negative is given back; each register has its own half.
    watts: watts === null ? null : Math.max(0, returned ? -watts : watts),
  };
}

/** `total_act` of three-phase devices, `total_act_energy` of single channels. */
function component(data: Answer, returned: boolean): number {
  const names = returned
    ? ["total_act_ret", "total_act_ret_energy"]
    : ["total_act", "total_act_energy"];
  return numberIn(data, names.find((name) => name in data) ?? names[0]);
}

function ofStatus(
  status: Answer,
  { component: part, channel, returned }: ShellyDescription,
): Figures {
  const isPlug = part === "gen1-meter";
  const list: unknown = status[isPlug ? "meters" : "emeters"];
  const meter: unknown = Array.isArray(list) ? list[channel] : undefined;
  if (!isAnswer(meter)) {
    const facts = { component: part, channel };
    throw new Fault("METERS_NO_ENTITY", "the device has no such meter", facts);
  }
  if (meter["is_valid"] === false) {
    throw new Fault("METERS_NO_VALUE", "the device says that its figures are not valid", {});
  }
  const total = numberIn(meter, returned ? "total_returned" : "total");
  const unit = isPlug ? MILLIJOULES_PER_WATT_MINUTE : MILLIJOULES_PER_WATT_HOUR;
  const watts = returned ? null : optionalNumber(meter, "power");
  return { millijoules: registerMillijoules(total * unit), watts };
}
