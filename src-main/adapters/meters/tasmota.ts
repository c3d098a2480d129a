/**
 * Decides how Tasmota plugs are read: `Status 10` (sensors; `Status 8` is its older name), energy
 * in kilowatt hours, kept over restarts. Figures are numbers, or lists with one number a phase:
 * then `Total` may be a list too. User and password travel in the query, as Tasmota wants it, so on
 * a network that others read they can be read as well.
 */

import { Fault } from "../../contract/outcome.ts";
import type { Meter } from "../../ports/meter.ts";
import { objectIn, parseAnswer } from "./answer-fields.ts";
import type { Answer } from "./answer-fields.ts";
import type { DescribedSource, DescriptionFields } from "./description-fields.ts";
import { askHttp, statusFault } from "./http-request.ts";
import type { MeterNeeds } from "./meter-needs.ts";
import { toMillijoules, toWatts } from "./millijoules.ts";
import { networkMeter } from "./network-meter.ts";
import type { DeviceAnswer } from "./network-meter.ts";
import { readSecret } from "./secret.ts";
import type { Secret } from "./secret.ts";
import { sourceIdentity } from "./source-identity.ts";

/** A Tasmota plug of the settings. */
export interface TasmotaDescription extends DescribedSource {
  readonly kind: "tasmota";
  readonly url: string;
  /** What is counted: all of it, or one phase or socket of several (from 0). */
  readonly channel: number | null;
  /** True counts what is given back; only meters with two ways have that register. */
  readonly returned: boolean;
  readonly user: string;
  readonly password: Secret | null;
}

/** Plugs leave the factory uncalibrated; with calibration some 1 to 3 %. */
const UNCERTAINTY_PERCENT = 3;

const CHANNEL_MAX = 15;

/** `Status 10` answers under the first name, `Status 8` under the second. */
const SENSOR_NAMES = ["StatusSNS", "StatusPWR"];

/** Reads the keys of a Tasmota plug: url, channel, returned, user, password(_file). */
export function checkTasmota(fields: DescriptionFields): TasmotaDescription {
  const uncertaintyPercent = UNCERTAINTY_PERCENT;
  const channel = fields.whole("channel", -1, CHANNEL_MAX, -1);
  return {
    kind: "tasmota",
    ...fields.source({ role: "load", boundary: "wall", uncertaintyPercent }),
    url: fields.url("url"),
    channel: channel < 0 ? null : channel,
    returned: fields.flag("returned"),
    user: fields.optionalText("user") ?? "admin",
    password: fields.secret("password"),
  };
}

/** Opens it; nothing is asked before the first reading. */
export function openTasmota(description: TasmotaDescription, needs: MeterNeeds): Meter {
  const talk = {
    identity: sourceIdentity(description, { kind: "smart-plug", tier: "B" }),
    async ask(): Promise<DeviceAnswer> {
      const beforeMs = needs.clock.nowMs();
      const energy = energyIn(await askSensors(description, needs));
      const atMs = Math.floor((beforeMs + needs.clock.nowMs()) / 2);
      const { channel, returned } = description;
      const total = figure(energy, returned ? "ExportActive" : "Total", channel);
      if (total === null) {
        throw new Fault("METERS_NO_ENTITY", "the plug has no such register", { returned });
      }
      const watts = returned ? null : figure(energy, "Power", channel);
      const millijoules = toMillijoules(total, "kWh");
      const reading = {
        atMs,
        register: { millijoules, wrapsAtMillijoules: null, epoch: null },
        watts: watts === null ? null : toWatts(watts, "W"),
        signature: null,
      };
      return { reading, makeModel: "Tasmota", serial: null };
    },
    drop: () => undefined,
    end: () => undefined,
  };
  return networkMeter(talk, needs);
}

async function askSensors(description: TasmotaDescription, needs: MeterNeeds): Promise<Answer> {
  const { password, user } = description;
  const url = new URL(`${description.url}/cm`);
  if (password !== null) {
    url.searchParams.set("user", user);
    url.searchParams.set("password", readSecret(password, needs.platform));
  }
  url.searchParams.set("cmnd", "Status 10");
  const reply = await askHttp(url, {}, needs);
  const fault = statusFault(reply, url.host);
  if (fault !== undefined) throw fault;
  const answer = parseAnswer(reply.text);
  // Some versions refuse a login with status 200 and a warning.
  if (typeof answer["WARNING"] === "string" || answer["Command"] === "Unauthorized") {
    throw new Fault("METERS_LOGIN", "the plug refused the login", { host: url.host });
  }
  return answer;
}

function energyIn(answer: Answer): Answer {
  for (const name of SENSOR_NAMES) {
    const sensors = objectIn(answer, name);
    const energy = sensors === undefined ? undefined : objectIn(sensors, "ENERGY");
    if (energy !== undefined) return energy;
  }
  throw new Fault("METERS_NO_ENTITY", "the plug does not measure energy", {});
}

/** A number, or one of or the sum of a list; null where there is none. */
function figure(energy: Answer, name: string, channel: number | null): number | null {
  const value = energy[name];
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  const numbers = list.filter((one): one is number => typeof one === "number");
  if (numbers.length === 0 || numbers.length !== list.length) return null;
  if (channel === null) return numbers.reduce((sum, one) => sum + one, 0);
  return numbers[channel] ?? null;
}
