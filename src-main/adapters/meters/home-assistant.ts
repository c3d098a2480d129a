/**
 * Decides how a sensor of Home Assistant is read: `/api/states/<entity>` with a long-lived token.
 * An energy sensor whose `state_class` is total or total_increasing is a register; a power sensor
 * gives watts. What stands behind the sensor is its owner's word, so it is tier C at best, and E
 * for one that has no device class. When a value was true is taken from the server's own clock: its
 * age is the answer's date less `last_reported` (before 2024.4 `last_updated`).
 */

import { Fault } from "../../contract/outcome.ts";
import type { Meter, MeterReading } from "../../ports/meter.ts";
import { nameIn, objectIn, parseAnswer } from "./answer-fields.ts";
import type { Answer } from "./answer-fields.ts";
import { FieldProblem } from "./description-fields.ts";
import type { DescribedSource, DescriptionFields } from "./description-fields.ts";
import { askHttp, statusFault } from "./http-request.ts";
import type { HttpReply } from "./http-request.ts";
import type { MeterNeeds } from "./meter-needs.ts";
import { isEnergyUnit, isPowerUnit, toMillijoules, toWatts } from "./millijoules.ts";
import { networkMeter } from "./network-meter.ts";
import type { DeviceAnswer } from "./network-meter.ts";
import { readSecret } from "./secret.ts";
import type { Secret } from "./secret.ts";
import { sourceIdentity } from "./source-identity.ts";

/** A sensor of Home Assistant in the settings. */
export interface HomeAssistantDescription extends DescribedSource {
  readonly kind: "home-assistant";
  readonly url: string;
  /** "sensor.desk_energy". */
  readonly entity: string;
  readonly token: Secret;
  /** A power sensor's value older than this is no value: the sensor has gone. */
  readonly staleMs: number;
}

const UNCERTAINTY_PERCENT = 5;
const ENTITY = /^[a-z_]+\.[a-z0-9_]+$/;
const STALE_SECONDS = 300;
const STALE_SECONDS_MAX = 86_400;

/** States that are words instead of a value. */
const NO_VALUE = new Set(["unavailable", "unknown", "none", ""]);

const REGISTER_CLASSES = new Set(["total", "total_increasing"]);

/** Reads the keys of a sensor: url, entity, token(_file), stale_seconds. */
export function checkHomeAssistant(fields: DescriptionFields): HomeAssistantDescription {
  const uncertaintyPercent = UNCERTAINTY_PERCENT;
  const source = fields.source({ role: "load", boundary: "wall", uncertaintyPercent });
  const entity = fields.text("entity");
  if (!ENTITY.test(entity)) throw new FieldProblem("entity", "it must be like sensor.desk_energy");
  const token = fields.secret("token");
  if (token === null) throw new FieldProblem("token", "it or token_file is missing");
  const staleMs = fields.whole("stale_seconds", 1, STALE_SECONDS_MAX, STALE_SECONDS) * 1_000;
  return { kind: "home-assistant", ...source, url: fields.url("url"), entity, token, staleMs };
}

/** Opens it; nothing is asked before the first reading. */
export function openHomeAssistant(description: HomeAssistantDescription, needs: MeterNeeds): Meter {
  const talk = {
    identity: sourceIdentity(description, { kind: "ha-sensor", tier: "C" }),
    async ask(): Promise<DeviceAnswer> {
      const url = new URL(`${description.url}/api/states/${description.entity}`);
      const authorization = `Bearer ${readSecret(description.token, needs.platform)}`;
      const reply = await askHttp(url, { authorization }, needs);
      const askedMs = needs.clock.nowMs();
      const fault = statusFault(reply, url.host);
      if (fault !== undefined) throw fault;
      const answer = parseAnswer(reply.text);
      const ageMs = ageOf(answer, reply);
      const reading = readingOf(answer, description, askedMs - ageMs, ageMs);
      const attributes = objectIn(answer, "attributes") ?? {};
      return { reading, makeModel: nameIn(attributes, "friendly_name"), serial: null };
    },
    drop: () => undefined,
    end: () => undefined,
  };
  return networkMeter(talk, needs);
}

/** Age of the state by the server's clock; 0 where the server does not tell. */
function ageOf(answer: Answer, { headers }: HttpReply): number {
  const said = answer["last_reported"] ?? answer["last_updated"];
  const reportedMs = typeof said === "string" ? Date.parse(said) : NaN;
  const serverMs = Date.parse(headers.get("date") ?? "");
  // The date has whole seconds, so a state may seem to be up to a second ahead of it.
  const ageMs = Math.max(0, Math.floor(serverMs - reportedMs));
  return Number.isFinite(ageMs) ? ageMs : 0;
}

function readingOf(
  answer: Answer,
  { entity, staleMs }: HomeAssistantDescription,
  atMs: number,
  ageMs: number,
): MeterReading {
  const state = answer["state"];
  if (typeof state !== "string" || NO_VALUE.has(state.toLowerCase())) {
    const facts = { entity, state: typeof state === "string" ? state.slice(0, 32) : "none" };
    throw new Fault("METERS_NO_VALUE", "the sensor has no value now", facts);
  }
  // "12,5" and "3 kWh" are texts that somebody made, not states of a sensor.
  const value = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(state) ? Number(state) : NaN;
  if (!Number.isFinite(value)) {
    const facts = { entity, state: state.slice(0, 32) };
    throw new Fault("METERS_ANSWER", "the sensor's state is no number", facts);
  }
  const attributes = objectIn(answer, "attributes") ?? {};
  const unit = nameIn(attributes, "unit_of_measurement") ?? "";
  if (isPowerUnit(unit)) {
    if (ageMs > staleMs) throw staleFault(entity, ageMs);
    return { atMs, register: null, watts: toWatts(value, unit), signature: null };
  }
  if (!isEnergyUnit(unit)) {
    const facts = { entity, unit: unit.slice(0, 16) };
    throw new Fault("METERS_UNIT", "the sensor measures neither energy nor power", facts);
  }
  const stateClass = nameIn(attributes, "state_class") ?? "";
  if (!REGISTER_CLASSES.has(stateClass)) {
    const facts = { entity, stateClass: stateClass.slice(0, 32) };
    throw new Fault("METERS_UNIT", "the sensor's energy is no register that only grows", facts);
  }
  return {
    atMs,
    register: {
      millijoules: toMillijoules(value, unit),
      wrapsAtMillijoules: null,
      epoch: nameIn(attributes, "last_reset"),
    },
    watts: null,
    signature: null,
  };
}

function staleFault(entity: string, ageMs: number): Fault {
  const facts = { entity, ageSeconds: Math.floor(ageMs / 1_000) };
  return new Fault("METERS_NO_VALUE", "the sensor's value is too old", facts);
}
