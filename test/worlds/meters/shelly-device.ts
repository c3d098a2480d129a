/**
 * A Shelly plug of the second or first generation, written from the public description of its HTTP
 * interface (not recorded from a device): digest login with SHA-256 on the second, basic on the
 * first. It measures a profile that the test drives.
 */

import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";

import { startHttpDevice } from "./http-device.ts";
import type { HttpAnswer, HttpDevice } from "./http-device.ts";
import type { PowerProfile } from "./power-profile.ts";

/** What plug it is. */
export interface ShellyOptions {
  readonly profile: PowerProfile;
  readonly generation?: 1 | 2;
  /** With one, it asks for a login (user "admin"). */
  readonly password?: string;
  readonly component?: "switch" | "pm1" | "em";
  /** Millijoules that its register held when the profile began. */
  readonly startMillijoules?: number;
}

/** A plug that runs. */
export interface ShellyDevice extends HttpDevice {
  /** Sets its register to zero, as its owner can. */
  reset(): void;
  /** Answers that value ever after, as a device whose meter hangs; null ends it. */
  stuckAt: number | null;
  /** Forgets the nonce it gave, as a restart does. */
  forgetNonce(): void;
}

const MILLIJOULES_PER_WATT_MINUTE = 60_000;
const MAC = "AABBCCDDEEFF";

/** Starts a plug. */
export async function startShellyDevice(options: ShellyOptions): Promise<ShellyDevice> {
  const { profile, generation = 2, password, startMillijoules = 0 } = options;
  const login = digestLogin(password);
  let zeroAt = -startMillijoules;
  const millijoules = (): number => device.stuckAt ?? profile.millijoules() - zeroAt;
  const device = Object.assign(
    await startHttpDevice((request, url) => {
      if (generation === 1) return firstGeneration(request, url, options, millijoules);
      if (url.pathname === "/rpc/Shelly.GetDeviceInfo") return secondInfo(password !== undefined);
      const refused = login.refuse(request, url);
      return refused ?? secondGeneration(url, options, millijoules);
    }),
    {
      stuckAt: null as number | null,
      reset: () => {
        zeroAt = profile.millijoules();
      },
      forgetNonce: login.forget,
    },
  );
  return device;
}

function secondInfo(asksForLogin: boolean): HttpAnswer {
  return {
    status: 200,
    body: {
      name: "desk",
      id: `shellyplusplugs-${MAC.toLowerCase()}`,
      mac: MAC,
      slot: 1,
      model: "SNPL-00112EU",
      gen: 2,
      fw_id: "20231107-162940/1.0.8-g8192e1b",
      ver: "1.0.8",
      app: "PlusPlugS",
      auth_en: asksForLogin,
      auth_domain: asksForLogin ? `shellyplusplugs-${MAC.toLowerCase()}` : null,
    },
  };
}

function secondGeneration(url: URL, options: ShellyOptions, millijoules: () => number): HttpAnswer {
  const { profile, component = "switch" } = options;
  const watts = profile.watts();
  // Three decimals of a watt hour, as the device gives it.
  const total = Math.floor(millijoules() / 3_600) / 1_000;
  const aenergy = { total, by_minute: [0, 0, 0], minute_ts: 1_700_000_000 };
  const answers: Record<string, unknown> = {
    "switch /rpc/Switch.GetStatus": {
      id: 0,
      source: "init",
      output: true,
      apower: watts,
      voltage: 230.1,
      current: 0.4,
      aenergy,
      temperature: { tC: 31.2, tF: 88.2 },
    },
    "pm1 /rpc/PM1.GetStatus": { id: 0, voltage: 230.1, current: 0.4, apower: watts, aenergy },
    "em /rpc/EM.GetStatus": { id: 0, total_act_power: watts, total_current: 0.4 },
    "em /rpc/EMData.GetStatus": { id: 0, total_act: total, total_act_ret: 0 },
  };
  const body = answers[`${component} ${url.pathname}`];
  const isThere = body !== undefined && url.searchParams.get("id") === "0";
  if (!isThere) return { status: 404, body: { code: 404, message: "No handler for method" } };
  return { status: 200, body };
}

function firstGeneration(
  request: IncomingMessage,
  url: URL,
  { profile, password }: ShellyOptions,
  millijoules: () => number,
): HttpAnswer {
  if (url.pathname === "/shelly") {
    return { status: 200, body: { type: "SHPLG-S", mac: MAC, auth: password !== undefined } };
  }
  if (url.pathname === "/rpc/Shelly.GetDeviceInfo") return { status: 404, body: "Not Found" };
  const expected = `Basic ${Buffer.from(`admin:${password}`).toString("base64")}`;
  if (password !== undefined && request.headers.authorization !== expected) {
    return { status: 401, body: "401 Unauthorized", headers: { "www-authenticate": "Basic" } };
  }
  if (url.pathname !== "/status") return { status: 404, body: "Not Found" };
  const total = Math.floor(millijoules() / MILLIJOULES_PER_WATT_MINUTE);
  const meter = {
    power: profile.watts(),
    overpower: 0,
    is_valid: true,
    counters: [0, 0, 0],
    total,
  };
  return { status: 200, body: { meters: [meter], uptime: 1_000, mac: MAC } };
}

/** Digest login of RFC 7616 with SHA-256, as the device does it. */
function digestLogin(password: string | undefined) {
  const realm = `shellyplusplugs-${MAC.toLowerCase()}`;
  let nonce = 1_700_000_000;
  const sha = (text: string): string => createHash("sha256").update(text).digest("hex");
  const challenge = (): HttpAnswer => ({
    status: 401,
    body: "",
    headers: {
      "www-authenticate":
        `Digest qop="auth", realm="${realm}", nonce="${nonce}", ` + `algorithm=SHA-256`,
    },
  });
  return {
    forget: () => {
      nonce += 1;
    },
    refuse(request: IncomingMessage, url: URL): HttpAnswer | undefined {
      if (password === undefined) return undefined;
      const given = request.headers.authorization ?? "";
      const field = (name: string): string =>
        new RegExp(`\\b${name}="?([^",]*)"?`).exec(given)?.[1] ?? "";
      if (field("nonce") !== String(nonce)) return challenge();
      const ha1 = sha(`admin:${realm}:${password}`);
      const ha2 = sha(`${request.method}:${url.pathname}${url.search}`);
      const [nc, cnonce] = [field("nc"), field("cnonce")];
      const expected = sha(`${ha1}:${nonce}:${nc}:${cnonce}:auth:${ha2}`);
      const [left, right] = [Buffer.from(field("response")), Buffer.from(expected)];
      return left.length === right.length && timingSafeEqual(left, right) ? undefined : challenge();
    },
  };
}

/** Watt hours as the device rounds them, in millijoules. */
export function shellyRounded(millijoules: number): number {
  return Math.floor(millijoules / 3_600) * 3_600;
}
