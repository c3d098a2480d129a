/**
 * Decides what passes the control API: parameters and results against the method table, whole
 * messages against the envelope. The only place where a schema meets a value.
 */

import type { z } from "zod";

import { accept, reject } from "../outcome.ts";
import type { Outcome } from "../outcome.ts";
import { unitResultSchema } from "./job.ts";
import type { UnitResult } from "./job.ts";
import { notificationSchema, requestSchema, responseSchema } from "./messages.ts";
import type { RpcNotification, RpcRequest, RpcResponse } from "./messages.ts";
import { METHODS } from "./methods.ts";
import { keptDataSetSchema } from "./own-job.ts";
import type { KeptDataSet } from "./own-job.ts";
import type { CheckedParams, MethodName, MethodResult } from "./methods.ts";
import { admittedSchema, codeMessageSchema, sessionSchema, tokenMessageSchema } from "./page.ts";
import type { Admitted, PageSession } from "./page.ts";

/** Whether the table has a method of this name. */
export function isMethodName(name: string): name is MethodName {
  return Object.hasOwn(METHODS, name);
}

/**
 * Checks what a caller sent and fills in defaults.
 * @rejects API_PARAMS with the path of the first wrong field and what is wrong with it
 */
export function checkParams<M extends MethodName>(
  method: M,
  params: unknown,
): Outcome<CheckedParams<M>> {
  const parsed = METHODS[method].params.safeParse(params ?? {});
  if (parsed.success) return accept(parsed.data as CheckedParams<M>);
  return reject("API_PARAMS", { method, ...firstProblem(parsed.error) });
}

/**
 * Checks what a method answers: the server before it sends, the client before it believes.
 * @rejects API_RESULT with the path of the first wrong field and what is wrong with it
 */
export function checkResult<M extends MethodName>(
  method: M,
  result: unknown,
): Outcome<MethodResult<M>> {
  const parsed = METHODS[method].result.safeParse(result);
  if (parsed.success) return accept(parsed.data as MethodResult<M>);
  return reject("API_RESULT", { method, ...firstProblem(parsed.error) });
}

/** Reads a request; rejects API_REQUEST. */
export function checkRequest(message: unknown): Outcome<RpcRequest> {
  return checkWith(requestSchema, message, "API_REQUEST");
}

/** Reads a response; rejects API_RESPONSE. */
export function checkResponse(message: unknown): Outcome<RpcResponse> {
  return checkWith(responseSchema, message, "API_RESPONSE");
}

/** Reads a notification; rejects API_RESPONSE. */
export function checkNotification(message: unknown): Outcome<RpcNotification> {
  return checkWith(notificationSchema, message, "API_RESPONSE");
}

/** Reads a kept unit result; rejects API_RESULT. */
export function checkUnitResult(value: unknown): Outcome<UnitResult> {
  return checkWith(unitResultSchema, value, "API_RESULT");
}

/** Reads what is kept of a data set; rejects API_RESULT. */
export function checkKeptDataSet(value: unknown): Outcome<KeptDataSet> {
  return checkWith(keptDataSetSchema, value, "API_RESULT");
}

/** Reads the body that trades a code; rejects API_REQUEST. */
export function checkCodeMessage(message: unknown): Outcome<{ code: string }> {
  return checkWith(codeMessageSchema, message, "API_REQUEST");
}

/** Reads what a code was traded for; rejects API_RESPONSE. */
export function checkSession(message: unknown): Outcome<PageSession> {
  return checkWith(sessionSchema, message, "API_RESPONSE");
}

/** Reads a WebSocket's first message; rejects API_REQUEST. */
export function checkTokenMessage(message: unknown): Outcome<{ token: string }> {
  return checkWith(tokenMessageSchema, message, "API_REQUEST");
}

/** Reads the answer to it; rejects API_RESPONSE. */
export function checkAdmitted(message: unknown): Outcome<Admitted> {
  return checkWith(admittedSchema, message, "API_RESPONSE");
}

function checkWith<T>(schema: z.ZodType<T>, message: unknown, code: string): Outcome<T> {
  const parsed = schema.safeParse(message);
  return parsed.success ? accept(parsed.data) : reject(code, firstProblem(parsed.error));
}

function firstProblem(error: z.ZodError): { field: string; problem: string } {
  const issue = error.issues[0];
  return { field: issue.path.map(String).join(".") || "(whole)", problem: issue.message };
}
