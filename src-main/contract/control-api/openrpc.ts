/**
 * Decides how the control API is published: an OpenRPC 1.3 document made from the table of
 * methods, so that it cannot say anything else than what is checked at run time.
 */

import { z } from "zod";

import { CONTROL_API_VERSION, METHODS } from "./methods.ts";
import type { MethodName } from "./methods.ts";

/** A JSON Schema as OpenRPC 1.3 wants it (draft 7). */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** A named value of a call. */
export interface ContentDescriptor {
  readonly name: string;
  readonly required: boolean;
  readonly schema: JsonSchema;
}

/** One call. */
export interface OpenRpcMethod {
  readonly name: string;
  readonly summary: string;
  readonly paramStructure: "by-name";
  readonly params: readonly ContentDescriptor[];
  readonly result: ContentDescriptor;
  /** The least level of a session that may make this call. */
  readonly "x-level": string;
}

/** The whole document. */
export interface OpenRpcDocument {
  readonly openrpc: "1.3.2";
  readonly info: {
    readonly title: string;
    readonly version: string;
    readonly description: string;
  };
  readonly methods: readonly OpenRpcMethod[];
}

const DESCRIPTION =
  "JSON-RPC 2.0. On the owner's socket one message per line; on the page's WebSocket one per " +
  "message. Errors carry a permanent code, its facts and what to do next in error.data. " +
  "x-level names the least session of the page that may make a call.";

/** The document as it is printed and kept in `contract/openrpc.json`. */
export function openRpcText(): string {
  return `${JSON.stringify(openRpcDocument(), null, 2)}\n`;
}

/** The document of this version. */
export function openRpcDocument(): OpenRpcDocument {
  const version = `${CONTROL_API_VERSION}.0.0`;
  return {
    openrpc: "1.3.2",
    info: { title: "VIVIAN Miner control API", version, description: DESCRIPTION },
    methods: (Object.keys(METHODS) as MethodName[]).map(describeMethod),
  };
}

function describeMethod(name: MethodName): OpenRpcMethod {
  const { about, level, params, result } = METHODS[name];
  return {
    name,
    summary: about,
    paramStructure: "by-name",
    params: describeParams(plainSchema(params, "input")),
    result: { name: "result", required: true, schema: plainSchema(result, "output") },
    "x-level": level,
  };
}

/** What is sent has optional fields where there are defaults; what is answered has them filled. */
function plainSchema(schema: z.ZodType, io: "input" | "output"): JsonSchema {
  const { $schema: _, ...plain } = z.toJSONSchema(schema, { io, target: "draft-7" });
  return plain;
}

/** Parameters go by name, so each field of the object is a parameter of its own. */
function describeParams(schema: JsonSchema): ContentDescriptor[] {
  const fields = (schema["properties"] ?? {}) as Record<string, JsonSchema>;
  const required = new Set((schema["required"] ?? []) as string[]);
  return Object.entries(fields)
    .map(([name, field]) => ({ name, required: required.has(name), schema: field }))
    .sort((left, right) => Number(right.required) - Number(left.required));
}
