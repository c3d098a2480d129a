/**
 * Decides what the page's server answers at each address. Requests from elsewhere were refused
 * before (request-guard.ts).
 */

import type { IncomingMessage } from "node:http";

import { checkCodeMessage, checkRequest } from "../../contract/control-api/index.ts";
import type { PageTrust } from "../../contract/control-api/index.ts";
import { reject } from "../../contract/outcome.ts";
import { answerCall, responseOf, responseText } from "../answer-call.ts";
import type { ConnectionNeeds } from "../answer-call.ts";
import { rejectionOf } from "../error-response.ts";
import { CODE_BODY_BYTES_MAX, HTTP_CALLS_MAX, MESSAGE_BYTES_MAX } from "../limits.ts";
import { METRICS_TYPE, metricsText } from "../metrics.ts";
import type { Readings } from "../metrics.ts";
import { levelRefusal } from "./level-check.ts";
import type { PageFiles } from "./page-files.ts";
import { readJsonBody } from "./read-body.ts";
import { jsonReply, refusalReply } from "./replies.ts";
import type { Reply } from "./replies.ts";
import type { PageSessions } from "./sessions.ts";

/** What the routes answer from. */
export interface RouteNeeds extends ConnectionNeeds {
  readonly sessions: PageSessions;
  readonly files: PageFiles;
  /** The newest commit, which a session may begin from; null before the first. */
  readonly trust?: () => PageTrust | null;
  /** Reads the numbers of this moment; null where the owner has closed them. */
  readonly metrics: (() => Promise<Readings>) | null;
}

type Route = (request: IncomingMessage, path: string) => Promise<Reply>;

/** The routes of a server; each answers any request, at worst with a refusal. */
export function pageRoutes(needs: RouteNeeds): Route {
  let calls = 0;
  const rpc: Route = async (request) => {
    if (calls >= HTTP_CALLS_MAX) {
      return refusalReply({ code: "API_PENDING", facts: { callsMax: HTTP_CALLS_MAX } });
    }
    calls += 1;
    try {
      return await callReply(needs, request);
    } finally {
      calls -= 1;
    }
  };
  const named: Readonly<Record<string, { readonly method: string; readonly route: Route }>> = {
    "/session": { method: "POST", route: (request) => sessionReply(needs, request) },
    "/rpc": { method: "POST", route: rpc },
    "/health": { method: "GET", route: () => healthReply(needs) },
    "/metrics": { method: "GET", route: () => metricsReply(needs) },
  };
  return (request, path) => {
    const found = Object.hasOwn(named, path) ? named[path] : undefined;
    const allow = found?.method ?? "GET";
    const asked = request.method === "HEAD" ? "GET" : (request.method ?? "");
    if (asked !== allow) return Promise.resolve(wrongMethod(asked, allow));
    return found === undefined
      ? Promise.resolve(fileReply(needs, path))
      : found.route(request, path);
  };
}

function wrongMethod(method: string, allow: string): Reply {
  const facts = { method: method.slice(0, 16), allowed: allow };
  return refusalReply({ code: "API_HTTP_METHOD", facts }, { allow });
}

function fileReply({ files }: RouteNeeds, path: string): Reply {
  return (
    files.reply(path) ?? refusalReply({ code: "API_PATH", facts: { path: path.slice(0, 128) } })
  );
}

async function sessionReply(
  { sessions, trust }: RouteNeeds,
  request: IncomingMessage,
): Promise<Reply> {
  const body = await readJsonBody(request, CODE_BODY_BYTES_MAX);
  const message = body.ok ? checkCodeMessage(body.value) : body;
  if (!message.ok) return refusalReply(message.rejection);
  const session = sessions.trade(message.value.code);
  if (!session.ok) return refusalReply(session.rejection);
  const begins = trust?.() ?? null;
  return jsonReply(200, begins === null ? session.value : { ...session.value, trust: begins });
}

async function callReply(needs: RouteNeeds, request: IncomingMessage): Promise<Reply> {
  // The session first: without one, nobody's body is read.
  const token = /^Bearer (\S{1,256})$/.exec(request.headers.authorization ?? "")?.[1] ?? "";
  const level = needs.sessions.levelOf(token);
  if (level === undefined) return refusalReply({ code: "API_SESSION" });
  const body = await readJsonBody(request, MESSAGE_BYTES_MAX);
  const call = body.ok ? checkRequest(body.value) : body;
  if (!call.ok) return refusalReply(call.rejection);
  const { id, method, params } = call.value;
  const caller = {
    allows: (name: Parameters<typeof levelRefusal>[1]) => levelRefusal(level, name),
    subscribe: () => Promise.resolve(reject("API_SUBSCRIBE")),
  };
  const outcome = await answerCall(needs, caller, method, params);
  const text = responseText(responseOf(id, outcome));
  return { status: 200, type: "application/json; charset=utf-8", body: text };
}

async function healthReply({ feed }: RouteNeeds): Promise<Reply> {
  try {
    const { version, head, mine, startedMs } = await feed.current();
    const ok = mine.state !== "failed";
    const since = new Date(startedMs).toISOString();
    return jsonReply(ok ? 200 : 503, { ok, version, head, since });
  } catch (error) {
    return refusalReply(rejectionOf(error));
  }
}

async function metricsReply({ metrics, feed }: RouteNeeds): Promise<Reply> {
  if (metrics === null) return refusalReply({ code: "API_PATH", facts: { path: "/metrics" } });
  try {
    // A daemon that is ending refuses here, before its parts are asked.
    await feed.current();
    return { status: 200, type: METRICS_TYPE, body: await metricsText(await metrics()) };
  } catch (error) {
    return refusalReply(rejectionOf(error));
  }
}
