import { describe, expect, it } from "vitest";
import type { PjrtQuestion, PjrtReport } from "../../../../src-main/adapters/pjrt/index.ts";
import { checkPjrt } from "../../../../src-main/processes/doctor/check-pjrt.ts";

const report: PjrtReport = {
  plugin: { api: "0.90", platform: "tpu", version: "libtpu 1" },
  devices: [{ id: 0, name: "TPU v5e", memoryBytes: 17_179_869_184 }],
  products: [],
  exact: true,
  failure: null,
};

async function examine(fields: Partial<PjrtReport>, plugin = "/lib/libtpu.so") {
  const asked: PjrtQuestion[] = [];
  const found = await checkPjrt(plugin, (question) => {
    asked.push(question);
    return Promise.resolve({ ...report, ...fields });
  });
  return { found, asked };
}

describe("check-pjrt", () => {
  it("lists devices, says that the product is exact, and what cannot be done", async () => {
    const { found, asked } = await examine({});
    expect(found.every(({ verdict }) => verdict === "ok")).toBe(true);
    expect(found[1].text).toBe("device 0: TPU v5e, 16.0 GiB for programs");
    expect(found.at(-1)?.text).toContain("does not train");
    expect(asked).toEqual([{ plugin: "/lib/libtpu.so", ask: "product", settings: {} }]);
  });

  it("does not let a GPU's plugin take the whole memory", async () => {
    const { asked } = await examine({}, "/x/xla_cuda_plugin.so");
    expect(asked[0].settings).toEqual({ preallocate: "false" });
  });

  it("calls a rounded product what it is, and each failure by its stage", async () => {
    expect((await examine({ exact: false })).found[2]).toMatchObject({ verdict: "attention" });
    const failure = { stage: "client", message: "already in use by process 4242" };
    const { found } = await examine({ exact: null, plugin: null, devices: [], failure });
    expect(found[0]).toMatchObject({ verdict: "attention" });
    expect(found[0].text).toContain("4242");
    expect(found[0].next).toContain("one process owns it");
  });
});
