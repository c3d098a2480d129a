import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { describe, expect, it } from "vitest";

import { METHODS } from "../../../../src-main/contract/control-api/methods.ts";
import { openRpcDocument, openRpcText } from "../../../../src-main/contract/control-api/openrpc.ts";
import {
  documentFaults,
  publishedParams,
  publishedResults,
} from "../../../worlds/published-schema.ts";

const ROOT = new URL("../../../../", import.meta.url);
const document = openRpcDocument();

/** A document without its types, so that it can be made wrong. */
interface Plain {
  [field: string]: unknown;
  info: Record<string, unknown>;
  methods: Record<string, unknown>[];
}

/** Faults that a document of this kind could come to have. */
const PLANTED: readonly { what: string; plant: (faulty: Plain) => void; says: RegExp }[] = [
  {
    what: "a method without a result's name",
    plant: ({ methods }) => (methods[0]["result"] = { schema: {} }),
    says: /methods\/0\/result/,
  },
  { what: "no version", plant: ({ info }) => delete info["version"], says: /info .*version/ },
  {
    what: "parameters by a way that there is not",
    plant: ({ methods }) => (methods[0]["paramStructure"] = "by-luck"),
    says: /paramStructure/,
  },
  {
    what: "a field of its own that is not marked as one",
    plant: ({ methods }) => (methods[1]["level"] = "view"),
    says: /methods\/1 .*additional/,
  },
  {
    what: "a schema that is none",
    plant: ({ methods }) =>
      (methods[1]["result"] = { name: "result", schema: { type: "integer or so" } }),
    says: /methods\/1\/result/,
  },
  { what: "an unknown edition", plant: (faulty) => (faulty["openrpc"] = "9.9.9"), says: /openrpc/ },
];

/** Every object anywhere in a value. */
function* objectsIn(value: unknown): Generator<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) return;
  if (!Array.isArray(value)) yield value as Record<string, unknown>;
  for (const part of Object.values(value)) yield* objectsIn(part);
}

describe("openRpcDocument", () => {
  it("is what contract/openrpc.json says", async () => {
    const file = fileURLToPath(new URL("src-main/contract/openrpc.json", ROOT));
    expect(existsSync(file)).toBe(true);
    await expect(openRpcText()).toMatchFileSnapshot(file);
  });

  it("holds to the meta-schema of OpenRPC", () => {
    expect(documentFaults(document)).toEqual([]);
  });

  it.each(PLANTED)("is refused by it with $what", ({ plant, says }) => {
    const faulty = structuredClone(document) as unknown as Plain;
    plant(faulty);
    expect(documentFaults(faulty).join("\n")).toMatch(says);
  });

  it("has schemas of draft 7 alone, which another checker compiles and holds answers to", () => {
    expect([...publishedParams(document).keys()]).toEqual(Object.keys(METHODS));
    const version = publishedResults(document).get("version")!;
    const answer = { version: "1", api: 1, node: "v24", network: "practice" };
    expect(version(answer)).toEqual([]);
    expect(version({ ...answer, api: -1 })).not.toEqual([]);
    expect(version({ ...answer, more: 1 })).not.toEqual([]);
    expect(version({ version: "1", api: 1, node: "v24" })).not.toEqual([]);
    const limit = publishedParams(document).get("job.list")!;
    expect(limit({})).toEqual([]);
    expect(limit({ limit: 201 })).not.toEqual([]);
  });

  it("names each method of the table once, each parameter once, required ones first", () => {
    const names = document.methods.map(({ name }) => name);
    expect(names).toEqual(Object.keys(METHODS));
    for (const { name, params } of document.methods) {
      const given = params.map((one) => one.name);
      expect(new Set(given).size, name).toBe(given.length);
      const shape = METHODS[name as keyof typeof METHODS].params.shape;
      expect(new Set(given), name).toEqual(new Set(Object.keys(shape)));
      const required = params.map((one) => one.required);
      expect([...required].sort((left, right) => Number(right) - Number(left))).toEqual(required);
    }
  });

  it("is closed: no reference leads out of it, no schema is left open by accident", () => {
    for (const part of objectsIn(document.methods)) expect(part).not.toHaveProperty("$ref");
    for (const { name, result } of document.methods) {
      if (name === "rpc.discover") continue;
      expect(result.schema, name).not.toEqual({});
    }
  });

  it("lets a caller leave out what has a default, and always answers all fields", () => {
    const list = document.methods.find(({ name }) => name === "job.list");
    expect(list?.params).toMatchObject([{ name: "limit", required: false }]);
    const version = document.methods.find(({ name }) => name === "version");
    expect(version?.result.schema).toMatchObject({
      required: ["version", "api", "node", "network"],
      additionalProperties: false,
    });
  });

  it("is plain JSON", () => {
    expect(JSON.parse(JSON.stringify(document))).toEqual(document);
  });
});
