import { describe, expect, it } from "vitest";

import { METHODS } from "../../../../src-main/contract/control-api/methods.ts";
import { openRpcDocument } from "../../../../src-main/contract/control-api/openrpc.ts";

const document = openRpcDocument();

/** Every object anywhere in a value. */
function* objectsIn(value: unknown): Generator<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) return;
  if (!Array.isArray(value)) yield value as Record<string, unknown>;
  for (const part of Object.values(value)) yield* objectsIn(part);
}

describe("openRpcDocument", () => {
  it("has what the OpenRPC 1.3 meta schema requires, and no field it forbids", () => {
    expect(Object.keys(document).sort()).toEqual(["info", "methods", "openrpc"]);
    expect(document.openrpc).toMatch(/^1\.3\.\d+$/);
    expect(document.info.title).not.toBe("");
    expect(document.info.version).toMatch(/^\d+\.\d+\.\d+$/);
    const allowed = ["name", "summary", "paramStructure", "params", "result", "x-level"];
    for (const method of document.methods) {
      expect(Object.keys(method)).toEqual(allowed);
      expect(method.paramStructure).toBe("by-name");
      for (const descriptor of [...method.params, method.result]) {
        expect(Object.keys(descriptor)).toEqual(["name", "required", "schema"]);
        expect(descriptor.name).toMatch(/^[a-zA-Z]+$/);
        expect(typeof descriptor.required).toBe("boolean");
        expect(typeof descriptor.schema).toBe("object");
      }
    }
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
