import { describe, expect, it } from "vitest";

import { limitCommand, nvmlAdvice } from "../../../../src-main/adapters/nvml/nvml-advice.ts";

describe("nvml-advice", () => {
  it("says what can be done on the system that it is said on", () => {
    const reasons = ["no-library", "no-driver", "mismatch", "no-permission", "too-slow"] as const;
    for (const reason of [...reasons, "crashed", "failed"] as const) {
      expect(nvmlAdvice(reason, "linux")).toMatch(/\.$/u);
      expect(nvmlAdvice(reason, "win32")).not.toMatch(/sudo|modprobe|apt-get/u);
    }
    expect(nvmlAdvice("no-driver", "linux")).toContain("sudo modprobe nvidia");
  });

  it("names the command that sets a limit", () => {
    expect(limitCommand("GPU-1", 250, "linux")).toBe("sudo nvidia-smi -i GPU-1 -pl 250");
    expect(limitCommand("GPU-1", "WATTS", "win32")).toBe(
      "nvidia-smi -i GPU-1 -pl WATTS (as administrator)",
    );
  });
});
