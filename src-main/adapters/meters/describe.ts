/**
 * Decides which kinds of meters can be described in the settings, one `[[meters]]` table each, and
 * how a description becomes an open meter.
 */

import { accept, reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import type { Meter } from "../../ports/meter.ts";
import { isAnswer } from "./answer-fields.ts";
import { checkApple, openApple } from "./apple.ts";
import type { AppleDescription } from "./apple.ts";
import { checkDeclared, openDeclared } from "./declared.ts";
import type { DeclaredDescription } from "./declared.ts";
import { DescriptionFields, FieldProblem } from "./description-fields.ts";
import { checkHomeAssistant, openHomeAssistant } from "./home-assistant.ts";
import type { HomeAssistantDescription } from "./home-assistant.ts";
import { checkHwmon, openHwmon } from "./hwmon.ts";
import type { HwmonDescription } from "./hwmon.ts";
import type { MeterNeeds } from "./meter-needs.ts";
import { checkRapl, openRapl } from "./rapl.ts";
import type { RaplDescription } from "./rapl.ts";
import { checkShelly, openShelly } from "./shelly.ts";
import type { ShellyDescription } from "./shelly.ts";
import { checkSunspec, openSunspec } from "./sunspec.ts";
import type { SunspecDescription } from "./sunspec.ts";
import { checkTasmota, openTasmota } from "./tasmota.ts";
import type { TasmotaDescription } from "./tasmota.ts";
import { checkTdp, openTdp } from "./tdp-model.ts";
import type { TdpDescription } from "./tdp-model.ts";
import { checkWindowsEmi, openWindowsEmi } from "./windows-emi.ts";
import type { WindowsEmiDescription } from "./windows-emi.ts";

/** A meter that can be opened. */
export type MeterDescription =
  | ShellyDescription
  | TasmotaDescription
  | HomeAssistantDescription
  | SunspecDescription
  | RaplDescription
  | HwmonDescription
  | WindowsEmiDescription
  | AppleDescription
  | DeclaredDescription
  | TdpDescription;

/** What `kind` may be. */
export type MeterKind = MeterDescription["kind"];

type Checker = (fields: DescriptionFields) => MeterDescription;

const CHECKERS: Readonly<Record<MeterKind, Checker>> = {
  shelly: checkShelly,
  tasmota: checkTasmota,
  "home-assistant": checkHomeAssistant,
  sunspec: checkSunspec,
  rapl: checkRapl,
  hwmon: checkHwmon,
  "windows-emi": checkWindowsEmi,
  ioreport: checkApple("ioreport"),
  powermetrics: checkApple("powermetrics"),
  declared: checkDeclared,
  "tdp-model": checkTdp,
};

/** Every kind, in the order in which they are told. */
export const METER_KINDS = Object.keys(CHECKERS) as readonly MeterKind[];

/**
 * Checks one `[[meters]]` table, as the settings' parser gives it.
 * @rejects METERS_DESCRIPTION with the facts meter, field and why
 */
export function checkMeterDescription(table: unknown): Outcome<MeterDescription> {
  if (!isAnswer(table)) {
    return reject("METERS_DESCRIPTION", { meter: "", field: "meters", why: "it must be a table" });
  }
  const fields = new DescriptionFields(table);
  try {
    const kind = fields.choice("kind", METER_KINDS);
    const description = CHECKERS[kind](fields);
    fields.end();
    return accept(description);
  } catch (error) {
    if (!(error instanceof FieldProblem)) throw error;
    const meter = typeof table["id"] === "string" ? table["id"].slice(0, 64) : "";
    return reject("METERS_DESCRIPTION", { meter, field: error.field, why: error.message });
  }
}

/**
 * Opens a described meter. Meters on the network are asked at their first reading only, so one that
 * is off opens too; their make and serial number are known once they have answered.
 * Throws Fault METERS_ABSENT, METERS_PERMISSION or METERS_COUNTER for a counter of this machine
 * that is not there or not open to us.
 */
export async function openMeter(description: MeterDescription, needs: MeterNeeds): Promise<Meter> {
  switch (description.kind) {
    case "shelly":
      return openShelly(description, needs);
    case "tasmota":
      return openTasmota(description, needs);
    case "home-assistant":
      return openHomeAssistant(description, needs);
    case "sunspec":
      return openSunspec(description, needs);
    case "rapl":
      return openRapl(description, needs);
    case "hwmon":
      return openHwmon(description, needs);
    case "windows-emi":
      return openWindowsEmi(description, needs);
    case "ioreport":
    case "powermetrics":
      return openApple(description, needs);
    case "declared":
      return openDeclared(description, needs);
    case "tdp-model":
      return openTdp(description, needs);
  }
}
