import { describe, expect, it } from "vitest";

import type { DaemonLine } from "../../../src-main/shell/daemon-line.ts";
import { DaemonStandIn, settled, StillTime } from "../../worlds/daemon-stand-in.ts";

async function connected() {
  const daemon = new DaemonStandIn();
  const time = new StillTime();
  const outcome = await daemon.connect(time.after);
  if (!outcome.ok) throw new Error("the stand-in always connects");
  return { daemon, time, line: outcome.value };
}

const codeOf = async (answer: ReturnType<DaemonLine["call"]>) => {
  const outcome = await answer;
  return outcome.ok ? "" : outcome.rejection.code;
};

describe("DaemonLine", () => {
  it("carries a call and its answer", async () => {
    const { daemon, line } = await connected();
    expect(await line.call("shutdown", {})).toEqual({
      ok: true,
      value: { stopping: true, pid: 1 },
    });
    expect(daemon.calls).toEqual(["shutdown"]);
  });

  it("tells the daemon's code and facts", async () => {
    const { daemon, line } = await connected();
    const data = { code: "API_LEVEL", facts: { needed: "operate", deep: [] }, next: "" };
    daemon.answers = { shutdown: { error: { code: -32_000, message: "", data } } };
    expect(await line.call("shutdown", {})).toEqual({
      ok: false,
      rejection: { code: "API_LEVEL", facts: { needed: "operate" } },
    });
    daemon.answers = { shutdown: { error: "no" } };
    expect(await codeOf(line.call("shutdown", {}))).toBe("SHELL_ANSWER");
  });

  it("hears what changes, in pieces as they come", async () => {
    const { daemon, line } = await connected();
    const heard: unknown[] = [];
    line.onStatus((changed) => heard.push(changed));
    daemon.changes("working");
    daemon.says("not JSON");
    daemon.says("null");
    daemon.says('{"jsonrpc":"2.0","id":99,"result":{}}');
    daemon.changes("paused");
    await settled();
    expect(heard).toEqual([{ mine: { state: "working" } }, { mine: { state: "paused" } }]);
  });

  it("gives up a call that is not answered", async () => {
    const { daemon, time, line } = await connected();
    daemon.answers = { shutdown: null };
    const answer = line.call("shutdown", {});
    await time.pass(15_000);
    expect(await codeOf(answer)).toBe("SHELL_DAEMON");
  });

  it("refuses what waits, tells the end once, and takes no more calls", async () => {
    const { daemon, line } = await connected();
    let ends = 0;
    line.onClose(() => (ends += 1));
    daemon.answers = { shutdown: null };
    const answer = line.call("shutdown", {});
    daemon.hangsUp();
    expect(await codeOf(answer)).toBe("SHELL_DAEMON");
    expect(await codeOf(line.call("shutdown", {}))).toBe("SHELL_DAEMON");
    await settled();
    expect(ends).toBe(1);
  });

  it("tells nobody when it hangs up itself", async () => {
    const { line } = await connected();
    let ends = 0;
    line.onClose(() => (ends += 1));
    line.close();
    await settled();
    expect(ends).toBe(0);
  });

  it("ends a connection whose line does not end", async () => {
    const { daemon, line } = await connected();
    let ends = 0;
    line.onClose(() => (ends += 1));
    daemon.saysWithoutEnd("x".repeat(1024 * 1024));
    await settled();
    expect(ends).toBe(0);
    daemon.saysWithoutEnd("x");
    await settled();
    expect(ends).toBe(1);
  });

  it("takes at most eight calls at once", async () => {
    const { daemon, line } = await connected();
    daemon.answers = { shutdown: null };
    for (let count = 0; count < 8; count += 1) void line.call("shutdown", {});
    expect(await codeOf(line.call("shutdown", {}))).toBe("SHELL_DAEMON");
  });
});
