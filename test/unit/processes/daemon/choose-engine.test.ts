import { describe, expect, it } from "vitest";

import { withoutGraphics } from "../../../../src-main/processes/daemon/choose-engine.ts";
import type { ChosenEngine } from "../../../../src-main/processes/daemon/choose-engine.ts";

const PROCESSOR = { engine: "native-cpu", isa: "avx2", threads: 8 } as const;
const CARD: ChosenEngine = {
  cpu: {} as ChosenEngine["cpu"],
  device: { engine: "cuda", isa: "NVIDIA H100", threads: 8 },
  graphics: { name: "NVIDIA H100" } as ChosenEngine["graphics"] & object,
  checking: PROCESSOR,
};

describe("withoutGraphics", () => {
  it("takes the processor where the card that was chosen is switched off", () => {
    const chosen = withoutGraphics(CARD, { engine: "auto" });
    expect(chosen).toEqual({
      cpu: CARD.cpu,
      device: PROCESSOR,
      choice: "NVIDIA H100 is switched off",
    });
  });

  it("leaves alone what was asked for by its name, and a processor", () => {
    expect(withoutGraphics(CARD, { engine: "cuda" })).toBe(CARD);
    const processor = { cpu: CARD.cpu, device: PROCESSOR };
    expect(withoutGraphics(processor, { engine: "auto" })).toBe(processor);
  });
});
