/**
 * Decides how a device with a password is asked over HTTP: digest login where it asks for one
 * (RFC 7616; the password itself never travels), basic login where it asks for that. The challenge
 * is kept, so that later requests need one round; a device that forgot it is asked a second time.
 */

import { DigestClient } from "digest-fetch";

import { askHttp } from "./http-request.ts";
import type { HttpReply } from "./http-request.ts";
import type { MeterNeeds } from "./meter-needs.ts";
import { readSecret } from "./secret.ts";
import type { Secret } from "./secret.ts";

/** Who asks. */
export interface DeviceLogin {
  readonly user: string;
  readonly password: Secret | null;
}

/** Algorithms that a device may name; without a name it means MD5 (RFC 7616, section 3.3). */
const ALGORITHM = /\balgorithm="?([A-Za-z0-9-]+)"?/i;

const UNAUTHORIZED = 401;

/** Asks with the login where the device wants one. */
export type AskWithLogin = (url: URL) => Promise<HttpReply>;

/** Makes the asking of one device. */
export function askWithLogin(login: DeviceLogin, needs: MeterNeeds): AskWithLogin {
  let digest: DigestClient | null = null;
  let isBasic = false;

  const headersFor = (url: URL, password: string): Record<string, string> => {
    if (isBasic) return { authorization: basic(login.user, password) };
    if (digest === null) return {};
    const options = digest.addAuth(url.href, {}) as { headers?: { Authorization?: string } };
    const authorization = options.headers?.Authorization;
    // Each use counts, or a device takes the second one for a replay.
    digest.digest.nc += 1;
    return authorization === undefined ? {} : { authorization };
  };

  return async (url) => {
    if (login.password === null) return askHttp(url, {}, needs);
    const password = readSecret(login.password, needs.platform);
    const reply = await askHttp(url, headersFor(url, password), needs);
    if (reply.status !== UNAUTHORIZED) return reply;
    const challenge = reply.headers.get("www-authenticate") ?? "";
    isBasic = /^basic\b/i.test(challenge);
    digest = /^digest\b/i.test(challenge) ? openDigest(login.user, password, challenge) : null;
    if (!isBasic && digest === null) return reply;
    const second = await askHttp(url, headersFor(url, password), needs);
    if (second.status === UNAUTHORIZED) [digest, isBasic] = [null, false];
    return second;
  };
}

function openDigest(user: string, password: string, challenge: string): DigestClient {
  const algorithm = ALGORITHM.exec(challenge)?.[1] ?? "MD5";
  const digest = new DigestClient(user, password, { algorithm });
  digest.parseAuth(challenge);
  return digest;
}

/** The header of a basic login (RFC 7617, UTF-8). */
export function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
}
