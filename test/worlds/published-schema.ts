/**
 * Judges the published document with an outside eye: the meta-schema of OpenRPC's own authors, and
 * a checker of JSON Schema that shares nothing with the one that runs in the daemon.
 */

import * as published from "@open-rpc/meta-schema";
import { Ajv } from "ajv";
import type { ErrorObject } from "ajv";

import type { OpenRpcDocument } from "../../src-main/contract/control-api/index.ts";

/** Their types are of documents alone; the schema itself is the value beside them. */
const { openrpcDocument: META_SCHEMA } = published as unknown as {
  openrpcDocument: Record<string, unknown>;
};

/**
 * OpenRPC names JSON Schema's meta-schema by an address on the net; it is draft 7, which the
 * checker brings along, and one definition that a reference is looked up in.
 */
const JSON_SCHEMA_META = {
  allOf: [{ $ref: "http://json-schema.org/draft-07/schema#" }],
  definitions: { JSONSchemaObject: { properties: { $ref: { type: "string" } } } },
};

/** The one address as the meta-schema writes it in its two places. */
const JSON_SCHEMA_ADDRESSES = ["https://meta.json-schema.tools", "https://meta.json-schema.tools/"];

/** What is wrong with a document by OpenRPC's meta-schema; empty where nothing is. */
export function documentFaults(document: unknown): string[] {
  const formats = { uri: (text: string) => URL.canParse(text) };
  const checker = new Ajv({ strict: false, allErrors: true, formats });
  for (const $id of JSON_SCHEMA_ADDRESSES) checker.addSchema({ $id, ...JSON_SCHEMA_META });
  const { $schema: _, ...plain } = META_SCHEMA;
  const validate = checker.compile(plain);
  return validate(document) ? [] : linesOf(validate.errors);
}

/** Checks a value against a schema of the document; what is wrong, empty where nothing is. */
export type PublishedCheck = (value: unknown) => string[];

/** A check of the results of each method. Throws where a schema uses a word that is none. */
export function publishedResults({ methods }: OpenRpcDocument): Map<string, PublishedCheck> {
  return new Map(methods.map(({ name, result }) => [name, publishedCheck(result.schema)]));
}

/** A check of the parameters of each method, as the object that is sent. */
export function publishedParams({ methods }: OpenRpcDocument): Map<string, PublishedCheck> {
  return new Map(
    methods.map(({ name, params }) => {
      const properties = Object.fromEntries(params.map((one) => [one.name, one.schema]));
      const required = params.filter((one) => one.required).map((one) => one.name);
      const schema = { type: "object", properties, required, additionalProperties: false };
      return [name, publishedCheck(schema)];
    }),
  );
}

function publishedCheck(schema: object): PublishedCheck {
  const validate = new Ajv({ strict: true, strictTypes: false, allErrors: true }).compile(schema);
  return (value) => (validate(value) ? [] : linesOf(validate.errors));
}

function linesOf(errors: readonly ErrorObject[] | null | undefined): string[] {
  return (errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ""}`);
}
