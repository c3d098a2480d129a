import { describe, expect, it } from "vitest";

import { ProgressView } from "../../../../src-main/processes/cli/progress-view.ts";
import { SAMPLE_STATUS, statusWith } from "./sample-status.ts";

function screen(isTTY: boolean, columns?: number) {
  let text = "";
  let nowMs = 0;
  const output = { isTTY, columns, write: (more: string) => (text += more) };
  const view = new ProgressView(output, () => nowMs);
  return { view, text: () => text, pass: (ms: number) => (nowMs += ms) };
}

describe("on a terminal", () => {
  it("draws over what it drew before", () => {
    const { view, text } = screen(true, 80);
    view.show(SAMPLE_STATUS);
    expect(text()).not.toContain("\u001b");
    view.show(statusWith({ step: 1_300 }));
    expect(text()).toContain("\u001b[2A\r\u001b[Jdigits-cnn");
  });

  it("takes the progress away before lines that stay", () => {
    const { view, text } = screen(true, 80);
    view.show(SAMPLE_STATUS);
    view.leave(["done"]);
    expect(text().endsWith("\u001b[2A\r\u001b[Jdone\n")).toBe(true);
    view.leave(["more"]);
    expect(text().endsWith("done\nmore\n")).toBe(true);
  });
});

describe("in a pipe or a file", () => {
  it("writes plain lines, at most one every two seconds", () => {
    const { view, text, pass } = screen(false);
    for (let step = 0; step < 100; step += 1) {
      view.show(statusWith({ step }));
      pass(100);
    }
    const lines = text().trimEnd().split("\n");
    expect(lines).toHaveLength(5);
    expect(text()).not.toContain("\u001b");
  });

  it("does not repeat itself", () => {
    const { view, text, pass } = screen(false);
    for (let time = 0; time < 10; time += 1) {
      view.show(SAMPLE_STATUS);
      pass(3_000);
    }
    expect(text().trimEnd().split("\n")).toHaveLength(1);
  });
});
