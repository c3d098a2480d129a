/**
 * A Tasmota plug, written from its public documentation (not recorded from a device): `Status 10`
 * and `Status 8`, one number a figure or, for several phases, a list.
 */

import { startHttpDevice } from "./http-device.ts";
import type { HttpAnswer, HttpDevice } from "./http-device.ts";
import type { PowerProfile } from "./power-profile.ts";

/** What plug it is. */
export interface TasmotaOptions {
  readonly profile: PowerProfile;
  readonly password?: string;
  /** "list": two phases, each with half of all. */
  readonly shape?: "number" | "list" | "no-energy" | "status-8" | "text";
  /** Refuses a login with status 200 and a warning, as older versions do. */
  readonly refusesByWarning?: boolean;
}

const MILLIJOULES_PER_KILOWATT_HOUR = 3_600_000_000;

/** Starts a plug. */
export function startTasmotaDevice(options: TasmotaOptions): Promise<HttpDevice> {
  const { password, refusesByWarning = false } = options;
  return startHttpDevice((_request, url): HttpAnswer => {
    if (url.pathname !== "/cm") return { status: 404, body: "File Not Found" };
    const isRefused = password !== undefined && url.searchParams.get("password") !== password;
    if (isRefused && refusesByWarning) {
      return { status: 200, body: { WARNING: "Need user=<username>&password=<password>" } };
    }
    if (isRefused) return { status: 401, body: { Command: "Unauthorized" } };
    const command = url.searchParams.get("cmnd");
    if (command !== "Status 10" && command !== "Status 8") {
      return { status: 200, body: { Command: "Unknown" } };
    }
    return { status: 200, body: sensors(options) };
  });
}

function sensors({ profile, shape = "number" }: TasmotaOptions): object {
  const Time = "2026-06-01T06:00:00";
  // Three decimals of a kilowatt hour, as a plug shows them with its default setting.
  const total = Math.floor(profile.millijoules() / MILLIJOULES_PER_KILOWATT_HOUR / 1e-3) / 1_000;
  const watts = profile.watts();
  const ENERGY = {
    TotalStartTime: "2026-01-01T00:00:00",
    Total: shape === "list" ? [total / 2, total / 2] : shape === "text" ? "1.234" : total,
    Yesterday: 0,
    Today: 0,
    Power: shape === "list" ? [watts / 2, watts / 2] : watts,
    ExportActive: 0.5,
  };
  if (shape === "no-energy") return { StatusSNS: { Time } };
  return { [shape === "status-8" ? "StatusPWR" : "StatusSNS"]: { Time, ENERGY } };
}
