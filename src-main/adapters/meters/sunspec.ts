/**
 * Decides how SunSpec devices are read over Modbus TCP: the list of models is walked once
 * (sunspec-map.ts), and from then on one request reads the model; of a store another one tells how
 * full it is. A list that changed (a device with another firmware) is walked again. Of a hybrid
 * inverter, whose AC register holds the battery's energy beside the panels', the panels are counted
 * on their DC side (models 714, 160); one that shows neither cannot be told from another inverter.
 */

import { Fault } from "../../contract/outcome.ts";
import { isP256PublicKey } from "../../crypto/p256.ts";
import type { Meter, MeterIdentity, MeterReading } from "../../ports/meter.ts";
import { FieldProblem } from "./description-fields.ts";
import type { DescribedSource, DescriptionFields } from "./description-fields.ts";
import type { MeterNeeds } from "./meter-needs.ts";
import { openModbusLine } from "./modbus-line.ts";
import type { ModbusAddress, ModbusLine } from "./modbus-line.ts";
import { networkMeter } from "./network-meter.ts";
import type { DeviceAnswer } from "./network-meter.ts";
import { sourceIdentity } from "./source-identity.ts";
import { readModel, walkDevice } from "./sunspec-map.ts";
import type { DeviceMap } from "./sunspec-map.ts";
import { SECURE_MODEL, figuresOf } from "./sunspec-models.ts";
import type { SunspecRegister } from "./sunspec-models.ts";
import type { ModelRegisters } from "./sunspec-registers.ts";
import { signedMoment } from "./sunspec-signature.ts";
import type { SignedMoment } from "./sunspec-signature.ts";
import {
  chargeOf,
  isStorageRegister,
  keepsPanels,
  panelFigures,
  storageFigures,
} from "./sunspec-storage.ts";
import type { PositiveFlow, StorageRegister, StoreCharge } from "./sunspec-storage.ts";

/** A SunSpec device of the settings. */
export interface SunspecDescription extends DescribedSource, ModbusAddress {
  readonly kind: "sunspec";
  readonly register: SunspecRegister | StorageRegister;
  /** Null: the first model that keeps the register. */
  readonly model: number | null;
  /** Where the map begins; null: looked for. */
  readonly base: number | null;
  /** What a positive power of a meter means; null: unknown, so its power is not told. */
  readonly positive: "bought" | "sold" | null;
  /** The same of a store; null: the model says it, or the status of its charge. */
  readonly storePositive: PositiveFlow;
  /** Approved for billing, so its readings may be settled by. */
  readonly revenueGrade: boolean;
  /** SEC1 bytes of the meter's P-256 key; null: signatures are not checked. */
  readonly publicKey: Uint8Array | null;
}

const MODEL_MAX = 0xfffe;
const BASE_MAX = 0xffff;
const REGISTERS = ["produced", "absorbed", "bought", "sold", "discharged", "charged"] as const;

/** Class 1 or better of a meter of this kind; an inverter's own counting is worse. */
const METER_PERCENT = 1;
const INVERTER_PERCENT = 3;

/**
 * Reads the keys of a SunSpec device: host, port, unit, register, model, base, positive,
 * revenue_grade, public_key (hexadecimal).
 */
export function checkSunspec(fields: DescriptionFields): SunspecDescription {
  const source = fields.source({
    role: "generation",
    boundary: "site-meter",
    uncertaintyPercent: INVERTER_PERCENT,
  });
  const register = fields.choice("register", REGISTERS, naturalRegister(source));
  const isMeter = register === "bought" || register === "sold";
  const publicKey = keyOf(fields.optionalText("public_key"));
  const model = fields.whole("model", 0, MODEL_MAX, publicKey === null ? 0 : SECURE_MODEL);
  if (publicKey !== null && model !== SECURE_MODEL) {
    throw new FieldProblem("public_key", `only model ${SECURE_MODEL} signs`);
  }
  const base = fields.whole("base", -1, BASE_MAX, -1);
  return {
    kind: "sunspec",
    ...source,
    uncertaintyPercent: fields.number(
      "uncertainty_percent",
      0.01,
      100,
      isMeter ? METER_PERCENT : INVERTER_PERCENT,
    ),
    host: hostOf(fields.text("host")),
    port: fields.whole("port", 1, 65_535, 502),
    unit: fields.whole("unit", 0, 255, 1),
    register,
    model: model === 0 ? null : model,
    base: base < 0 ? null : base,
    positive: isMeter ? positiveOf(fields) : null,
    storePositive: isStorageRegister(register) ? storePositiveOf(fields) : null,
    revenueGrade: fields.flag("revenue_grade"),
    publicKey,
  };
}

function naturalRegister({ role, direction }: DescribedSource): SunspecRegister | StorageRegister {
  if (role === "generation") return "produced";
  if (role === "storage") return direction === "to" ? "charged" : "discharged";
  return direction === "to" ? "sold" : "bought";
}

function positiveOf(fields: DescriptionFields): "bought" | "sold" | null {
  const word = fields.choice("positive", ["bought", "sold", "unknown"], "unknown");
  return word === "unknown" ? null : word;
}

function storePositiveOf(fields: DescriptionFields): PositiveFlow {
  const word = fields.choice("positive", ["discharging", "charging", "unknown"], "unknown");
  return word === "unknown" ? null : word;
}

function hostOf(host: string): string {
  if (/^[A-Za-z0-9._:-]+$/.test(host)) return host;
  throw new FieldProblem("host", "it must be a name or an address, without port or path");
}

function keyOf(text: string | null): Uint8Array | null {
  if (text === null) return null;
  const isHex = /^(?:[0-9a-f]{2})+$/i.test(text);
  const bytes = isHex ? new Uint8Array(Buffer.from(text, "hex")) : new Uint8Array();
  if (isP256PublicKey(bytes)) return bytes;
  throw new FieldProblem("public_key", "it must be a point on P-256 in hexadecimal (SEC1)");
}

/** Opens it; nothing is sent before the first reading. */
export function openSunspec(description: SunspecDescription, needs: MeterNeeds): Meter {
  const line = openModbusLine(description, needs);
  let map: DeviceMap | null = null;
  let before: SignedMoment | null = null;
  const isStore = description.role === "storage";
  const talk = {
    identity: identityOf(description),
    async ask(): Promise<DeviceAnswer> {
      map ??= await walkDevice(line, { ...description, isStore });
      const { model, makeModel, serial } = map;
      const beforeMs = needs.clock.nowMs();
      let registers: ModelRegisters;
      let figures: Figures;
      try {
        registers = await readModel(line, model);
        figures = figuresIn(description, model.id, registers);
      } catch (error) {
        if (error instanceof Fault && error.code !== "METERS_NO_VALUE") map = null;
        throw error;
      }
      const atMs = Math.floor((beforeMs + needs.clock.nowMs()) / 2);
      const isSigned = model.id === SECURE_MODEL;
      const moment = isSigned ? signedMoment(registers, description.publicKey) : null;
      if (moment !== null) refuseOld(moment, before);
      before = moment;
      const charge = await chargeIn(line, map, registers);
      const reading = {
        atMs,
        register: figures.register,
        watts: figures.watts,
        signature: moment?.signature ?? null,
        ...(charge === null ? {} : { store: { share: charge.share, status: charge.status } }),
      };
      return { reading, makeModel, serial, capacityWattHours: charge?.capacityWattHours ?? null };
    },
    drop: () => line.drop(),
    end: () => line.release(),
  };
  return networkMeter(talk, needs);
}

function identityOf(description: SunspecDescription): MeterIdentity {
  const { revenueGrade, publicKey } = description;
  return sourceIdentity(description, {
    kind: revenueGrade ? "revenue-meter" : "sunspec-meter",
    tier: revenueGrade ? "A" : "B",
    meterSigned: publicKey !== null,
  });
}

/** The same reading again, or an older one, may be somebody's recording. */
function refuseOld(moment: SignedMoment, before: SignedMoment | null): void {
  if (before === null) return;
  if (moment.meterMs === before.meterMs && moment.sequence === before.sequence) {
    const facts = { sequence: moment.sequence };
    throw new Fault("METERS_NO_VALUE", "the meter gave the same signed reading again", facts);
  }
  if (moment.meterMs < before.meterMs) {
    const facts = { sequence: moment.sequence };
    throw new Fault("METERS_SIGNATURE", "the signed reading is older than the last", facts);
  }
}

/** What a reading takes from a model. */
type Figures = Pick<MeterReading, "register" | "watts">;

function figuresIn(
  description: SunspecDescription,
  model: number,
  registers: ModelRegisters,
): Figures {
  const { register, storePositive } = description;
  if (isStorageRegister(register)) {
    const asked = { register, positive: storePositive };
    const { millijoules, watts } = storageFigures(model, asked, registers);
    const counted = { millijoules: millijoules ?? 0, wrapsAtMillijoules: null, epoch: null };
    return { register: millijoules === null ? null : counted, watts };
  }
  if (register === "produced" && keepsPanels(model)) {
    const { millijoules, watts } = panelFigures(model, registers);
    const counted = { millijoules: millijoules ?? 0, wrapsAtMillijoules: null, epoch: null };
    return { register: millijoules === null ? null : counted, watts: wattsOf(description, watts) };
  }
  const { millijoules, wrapsAtMillijoules, watts } = figuresOf(model, register, registers);
  const counted = { millijoules, wrapsAtMillijoules, epoch: null };
  return { register: counted, watts: wattsOf(description, watts) };
}

/** How full the store is. Its energy counts whether it says so or not. */
async function chargeIn(
  line: ModbusLine,
  { model, charge }: DeviceMap,
  registers: ModelRegisters,
): Promise<StoreCharge | null> {
  if (charge === null) return null;
  try {
    const told = charge.id === model.id ? registers : await readModel(line, charge);
    return chargeOf(charge.id, told);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { share: null, status: null, capacityWattHours: null };
  }
}

function wattsOf({ register, positive }: SunspecDescription, watts: number | null): number | null {
  if (watts === null) return null;
  if (register === "produced") return Math.max(0, watts);
  if (register === "absorbed") return Math.max(0, -watts);
  return positive === null ? null : Math.max(0, positive === register ? watts : -watts);
}
