import { describe, expect, it } from "vitest";

import { importFault } from "../../../../src-main/adapters/float-engine/open-library.ts";

function failure(message: string, code?: string): Error {
  return Object.assign(new Error(message), code === undefined ? {} : { code });
}

describe("adapters/float-engine/open-library", () => {
  it("tells a missing package from one that does not fit", () => {
    const missing = failure("Cannot find package", "ERR_MODULE_NOT_FOUND");
    expect(importFault(missing)).toMatchObject({
      code: "FLOAT_ENGINE_ABSENT",
      facts: { package: "@tensorflow/tfjs-node-gpu" },
    });
    const words = "libcudart.so.11.0: cannot open shared object file\nRequire stack";
    expect(importFault(failure(words, "ERR_DLOPEN_FAILED"))).toMatchObject({
      code: "FLOAT_ENGINE_CUDA",
      message: "libcudart.so.11.0: cannot open shared object file",
    });
  });

  it("says that an addon was built for another Node", () => {
    for (const words of [
      "compiled against a different Node.js version using NODE_MODULE_VERSION 108",
      "(0 , util_1.isNullOrUndefined) is not a function",
    ]) {
      const fault = importFault(failure(words));
      expect(fault.code).toBe("FLOAT_ENGINE_NODE");
      expect(fault.facts).toMatchObject({ node: process.version });
    }
  });

  it("blames neither CUDA nor Node for what it does not know", () => {
    expect(importFault(failure("out of memory")).code).toBe("FLOAT_ENGINE_ENDED");
  });
});
