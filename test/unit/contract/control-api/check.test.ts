import { describe, expect, it } from "vitest";

import {
  checkNotification,
  checkParams,
  checkRequest,
  checkResponse,
  checkResult,
  isMethodName,
} from "../../../../src-main/contract/control-api/check.ts";
import { CURVE_POINTS_MAX } from "../../../../src-main/contract/control-api/job.ts";
import { METHODS } from "../../../../src-main/contract/control-api/methods.ts";

const digest = "ab".repeat(32);

describe("parameters", () => {
  it("fills in defaults and takes a missing object as empty", () => {
    const outcome = checkParams("job.list", undefined);
    expect(outcome).toEqual({ ok: true, value: { limit: 20 } });
  });

  it("names the wrong field and the method", () => {
    const outcome = checkParams("ledger.get", { slot: -1 });
    expect(outcome).toMatchObject({
      ok: false,
      rejection: { code: "API_PARAMS", facts: { method: "ledger.get", field: "slot" } },
    });
  });

  it("refuses fields the schema does not know", () => {
    expect(checkParams("status", { verbose: true }).ok).toBe(false);
    expect(checkParams("job.submit", { name: "digits-cnn", price: "0" }).ok).toBe(false);
  });

  it("refuses anything but an object for every method", () => {
    for (const method of Object.keys(METHODS)) {
      if (!isMethodName(method)) throw new Error("the table knows its own names");
      for (const params of [1, "x", [], true]) expect(checkParams(method, params).ok).toBe(false);
    }
  });

  it("does not take names of Object's own for methods", () => {
    expect(isMethodName("toString")).toBe(false);
    expect(isMethodName("__proto__")).toBe(false);
  });
});

describe("results", () => {
  const wallet = {
    network: "practice",
    valueNote: "practice, no value",
    accounts: [
      {
        role: "owner",
        address: `0x${"1".repeat(40)}`,
        balanceBase: "1000000000000000000000",
        bondedBase: "0",
      },
    ],
    paidBase: "0",
    keysFolder: "/somewhere/keys",
  };

  it("passes through JSON without a change", () => {
    const crossed: unknown = JSON.parse(JSON.stringify(wallet));
    expect(checkResult("wallet.show", crossed)).toEqual({ ok: true, value: wallet });
  });

  it("passes a unit's curve through, and refuses one that is too long or out of range", () => {
    const point = { step: 7, loss: 0.25, accuracy: null };
    const curve = { points: [point, { step: 9, loss: 0.125, accuracy: 1 }] };
    const crossed: unknown = JSON.parse(JSON.stringify(curve));
    expect(checkResult("unit.curve", crossed)).toEqual({ ok: true, value: curve });
    const full = Array.from({ length: CURVE_POINTS_MAX }, () => point);
    expect(checkResult("unit.curve", { points: full }).ok).toBe(true);
    expect(checkResult("unit.curve", { points: [...full, point] }).ok).toBe(false);
    for (const wrong of [{ step: -1 }, { loss: null }, { accuracy: 1.5 }, { more: 1 }]) {
      expect(checkResult("unit.curve", { points: [{ ...point, ...wrong }] }).ok).toBe(false);
    }
    expect(checkParams("unit.curve", { unit: digest.slice(1) }).ok).toBe(false);
  });

  it("refuses an amount that is a JSON number or not canonical", () => {
    for (const balanceBase of [5, "05", "-5", "1.5", "", "1e3", "9".repeat(40)]) {
      const broken = { ...wallet, accounts: [{ ...wallet.accounts[0], balanceBase }] };
      expect(checkResult("wallet.show", broken)).toMatchObject({
        ok: false,
        rejection: { code: "API_RESULT", facts: { field: "accounts.0.balanceBase" } },
      });
    }
  });

  it("refuses digests in capitals or of the wrong length", () => {
    expect(checkResult("job.submit", { job: digest, slot: 3 }).ok).toBe(true);
    expect(checkResult("job.submit", { job: digest.toUpperCase(), slot: 3 }).ok).toBe(false);
    expect(checkResult("job.submit", { job: digest.slice(2), slot: 3 }).ok).toBe(false);
  });
});

describe("envelopes", () => {
  it("reads a request and refuses a wrong version or a missing id", () => {
    const request = { jsonrpc: "2.0", id: 1, method: "status" };
    expect(checkRequest(request).ok).toBe(true);
    expect(checkRequest({ ...request, jsonrpc: "1.0" }).ok).toBe(false);
    expect(checkRequest({ jsonrpc: "2.0", method: "status" }).ok).toBe(false);
    expect(checkRequest([request]).ok).toBe(false);
    expect(checkRequest(null).ok).toBe(false);
  });

  it("reads answers and errors with their code, facts and next step", () => {
    expect(checkResponse({ jsonrpc: "2.0", id: 1, result: {} }).ok).toBe(true);
    const data = { code: "API_METHOD", facts: { method: "x" }, next: "Do this." };
    const error = { code: -32_601, message: "No such method.", data };
    expect(checkResponse({ jsonrpc: "2.0", id: null, error }).ok).toBe(true);
    expect(
      checkResponse({ jsonrpc: "2.0", id: 1, error: { ...error, data: { ...data, code: "no" } } })
        .ok,
    ).toBe(false);
  });

  it("reads a notification that carries only what changed", () => {
    const params = { paidBase: "7" };
    const message = { jsonrpc: "2.0", method: "status.changed", params };
    expect(checkNotification(message)).toMatchObject({ ok: true, value: { params } });
    expect(checkNotification({ ...message, params: { paid: 7 } }).ok).toBe(false);
  });
});
