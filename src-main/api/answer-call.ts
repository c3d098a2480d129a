/**
 * Decides how one call is answered, whichever way it came: the method is in the table, the caller
 * may call it, parameters and result have the declared form, nothing thrown ends the daemon.
 */

import { checkParams, checkResult, isMethodName } from "../contract/control-api/index.ts";
import type { MethodName, RpcId, RpcResponse } from "../contract/control-api/index.ts";
import { reject } from "../contract/outcome.ts";
import type { Outcome, Rejection } from "../contract/outcome.ts";
import { errorResponse, rejectionOf } from "./error-response.ts";
import type { Handler, HandledMethod, Handlers, StatusFeed } from "./handlers.ts";
import { MESSAGE_BYTES_MAX } from "./limits.ts";

/** What calls are answered from. */
export interface ConnectionNeeds {
  readonly handlers: Handlers;
  readonly feed: StatusFeed;
  /** Told of faults that a handler threw; the client gets the code only. */
  readonly onFault: (method: string, error: unknown) => void;
}

/** Why a caller may not call a method; null when it may. */
export type Allows = (method: MethodName) => Rejection | null;

/** Answers `subscribe`, which belongs to a connection. */
export type Subscribes = () => Promise<Outcome<unknown>>;

/** Who calls. */
export interface Caller {
  readonly allows: Allows;
  readonly subscribe: Subscribes;
}

/**
 * Answers a call.
 * @rejects API_METHOD, API_PARAMS, API_RESULT, API_INTERNAL, or what caller or handler refuses with
 */
export async function answerCall(
  needs: ConnectionNeeds,
  caller: Caller,
  method: string,
  params: unknown,
): Promise<Outcome<unknown>> {
  if (!isMethodName(method)) return reject("API_METHOD", { method: method.slice(0, 64) });
  const refusal = caller.allows(method);
  if (refusal !== null) return { ok: false, rejection: refusal };
  const checked = checkParams(method, params);
  if (!checked.ok) return checked;
  try {
    const answer = await handle(needs, caller, method, checked.value);
    return answer.ok ? checkResult(method, answer.value) : answer;
  } catch (error) {
    needs.onFault(method, error);
    return { ok: false, rejection: rejectionOf(error) };
  }
}

function handle(
  needs: ConnectionNeeds,
  caller: Caller,
  method: MethodName,
  params: unknown,
): Promise<Outcome<unknown>> {
  if (method === "subscribe") return caller.subscribe();
  // The table pairs each method with its own parameters; the pairing was checked just before.
  const handler = needs.handlers[method] as Handler<HandledMethod>;
  return handler(params as Parameters<typeof handler>[0]);
}

/** The response that carries an outcome. */
export function responseOf(id: RpcId, outcome: Outcome<unknown>): RpcResponse {
  if (!outcome.ok) return errorResponse(id, outcome.rejection);
  return { jsonrpc: "2.0", id, result: outcome.value };
}

/** A response as text, or the code that says it is too long. @bound MESSAGE_BYTES_MAX */
export function responseText(response: RpcResponse): string {
  const text = JSON.stringify(response);
  if (Buffer.byteLength(text) <= MESSAGE_BYTES_MAX) return text;
  const facts = { bytesMax: MESSAGE_BYTES_MAX };
  return JSON.stringify(errorResponse(response.id, { code: "API_MESSAGE_SIZE", facts }));
}
