import { describe, expect, it } from "vitest";

import { levelRefusal } from "../../../../src-main/api/page/level-check.ts";
import { METHODS, SESSION_LEVELS } from "../../../../src-main/contract/control-api/index.ts";
import type { MethodName } from "../../../../src-main/contract/control-api/index.ts";

const names = Object.keys(METHODS) as MethodName[];
const at = (level: string) => names.filter((name) => METHODS[name].level === level);

const NAME = "0a".repeat(32);

/** What the page may spend with, and what each such call carries. */
const SPENDING: Partial<Record<MethodName, Readonly<Record<string, string>>>> = {
  "wallet.pay": { preview: NAME, password: "correct horse" },
  "wallet.order": { quote: NAME, password: "correct horse" },
};

describe("levelRefusal", () => {
  it("lets a view session do nothing but look", () => {
    const allowed = names.filter((name) => levelRefusal("view", name) === null);
    expect(allowed).toEqual(at("view"));
    const changing = /^(mine\.|job\.(submit|order|quote)|shutdown|page\.)/;
    expect(allowed.filter((name) => changing.test(name))).toEqual([]);
  });

  it("lets an operate session run the machine and spend nothing", () => {
    const allowed = names.filter((name) => levelRefusal("operate", name) === null);
    expect(new Set(allowed)).toEqual(new Set([...at("view"), ...at("operate")]));
  });

  it("lets no session spend by a call that carries no password", () => {
    expect(at("spend").filter((name) => levelRefusal("spend", name) === null)).toEqual(
      Object.keys(SPENDING),
    );
    for (const name of at("spend")) {
      const without = METHODS[name].params.safeParse({ ...SPENDING[name], password: undefined });
      const asks = !without.success && Object.hasOwn(METHODS[name].params.shape, "password");
      const refusal = levelRefusal("spend", name);
      expect(refusal?.code ?? null, name).toBe(asks ? null : "API_SPEND_PASSWORD");
    }
  });

  it("keeps the socket's own methods from every session", () => {
    expect(at("socket")).toContain("page.open");
    for (const name of at("socket")) {
      for (const level of SESSION_LEVELS) expect(levelRefusal(level, name)?.code).toBe("API_LEVEL");
    }
  });
});

describe("the calls that spend over the page", () => {
  it("are refused by their own form where the password is missing or empty", () => {
    for (const [name, params] of Object.entries(SPENDING) as [MethodName, object][]) {
      const schema = METHODS[name].params;
      expect(schema.safeParse(params).success, name).toBe(true);
      expect(schema.safeParse({ ...params, password: undefined }).success, name).toBe(false);
      expect(schema.safeParse({ ...params, password: "" }).success, name).toBe(false);
    }
  });
});
