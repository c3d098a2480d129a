/** Decides how a rejection or a fault looks on the wire: JSON-RPC's number, our code, the words. */

import { RPC_ERROR } from "../contract/control-api/index.ts";
import type { RpcId, RpcResponse } from "../contract/control-api/index.ts";
import { explainCode } from "../contract/explain.ts";
import { Fault } from "../contract/outcome.ts";
import type { Rejection } from "../contract/outcome.ts";

const NUMBER_OF_CODE: Readonly<Record<string, number>> = {
  API_PARSE: RPC_ERROR.PARSE,
  API_REQUEST: RPC_ERROR.REQUEST,
  API_METHOD: RPC_ERROR.METHOD,
  API_PARAMS: RPC_ERROR.PARAMS,
  API_RESULT: RPC_ERROR.INTERNAL,
  API_INTERNAL: RPC_ERROR.INTERNAL,
};

/** The answer that carries a rejection; id null when the request could not be read. */
export function errorResponse(id: RpcId | null, rejection: Rejection): RpcResponse {
  const { what, next } = explainCode(rejection.code);
  const data = { code: rejection.code, facts: { ...rejection.facts }, next };
  const code = NUMBER_OF_CODE[rejection.code] ?? RPC_ERROR.APPLICATION;
  return { jsonrpc: "2.0", id, error: { code, message: what, data } };
}

/** A thrown fault as a rejection; anything else thrown is a fault of the daemon's own. */
export function rejectionOf(error: unknown): Rejection {
  if (error instanceof Fault) return { code: error.code, facts: error.facts };
  return {
    code: "API_INTERNAL",
    facts: { message: error instanceof Error ? error.message : String(error) },
  };
}
