/**
 * A Home Assistant server, as far as sensors go: `/api/states/<entity>` behind a bearer token,
 * written from its public documentation (not recorded from a server). It has a clock of its own.
 */

import { startHttpDevice } from "./http-device.ts";
import type { HttpAnswer, HttpDevice } from "./http-device.ts";

/** A sensor's state as the server keeps it. */
export interface SensorState {
  readonly state: string;
  readonly unit?: string | null;
  readonly deviceClass?: string;
  readonly stateClass?: string;
  /** By the server's clock. */
  readonly reportedMs: number;
  readonly lastReset?: string;
}

/** What server it is. */
export interface HomeAssistantOptions {
  readonly token: string;
  readonly sensors: () => Readonly<Record<string, SensorState>>;
  /** The server's clock; it may be set otherwise than ours. */
  readonly nowMs: () => number;
  /** False: a server older than 2024.4. */
  readonly tellsReported?: boolean;
}

/** Starts a server. */
export function startHomeAssistant(options: HomeAssistantOptions): Promise<HttpDevice> {
  const { token, sensors, nowMs, tellsReported = true } = options;
  return startHttpDevice((request, url): HttpAnswer => {
    if (request.headers.authorization !== `Bearer ${token}`) {
      return { status: 401, body: "401: Unauthorized" };
    }
    const entity = /^\/api\/states\/(.+)$/.exec(url.pathname)?.[1] ?? "";
    const sensor = sensors()[entity];
    if (sensor === undefined) return { status: 404, body: { message: "Entity not found." } };
    const reported = new Date(sensor.reportedMs).toISOString();
    const body = {
      entity_id: entity,
      state: sensor.state,
      attributes: {
        state_class: sensor.stateClass,
        unit_of_measurement: sensor.unit,
        device_class: sensor.deviceClass,
        friendly_name: "Desk",
        ...(sensor.lastReset === undefined ? {} : { last_reset: sensor.lastReset }),
      },
      last_changed: reported,
      ...(tellsReported ? { last_reported: reported } : {}),
      last_updated: reported,
      context: { id: "01", parent_id: null, user_id: null },
    };
    return { status: 200, body, headers: { date: new Date(nowMs()).toUTCString() } };
  });
}
