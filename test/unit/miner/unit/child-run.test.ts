import { describe, expect, it } from "vitest";
import { accept, reject } from "../../../../src-main/contract/outcome.ts";
import type { Outcome } from "../../../../src-main/contract/outcome.ts";
import { RESTARTS_MAX } from "../../../../src-main/miner/limits.ts";
import type { Child, ChildExit } from "../../../../src-main/miner/messages/child-port.ts";
import { ChildRun } from "../../../../src-main/miner/unit/child-run.ts";

type Report =
  | { readonly kind: "step" | "done" }
  | {
      readonly kind: "fault";
      readonly code: string;
      readonly message: string;
      readonly facts: Readonly<Record<string, string>>;
    };

const CRASH: ChildExit = { code: null, signal: "SIGSEGV", words: "driver" };

/** A run whose children do what the script of their life says, at once. */
function scripted(lives: readonly ((tell: (report: unknown) => void) => ChildExit | undefined)[]) {
  const waits: number[] = [];
  const sent: { kind: string }[] = [];
  let life = 0;
  let steps = 0;
  const fork = (): Child => {
    const act = lives[Math.min(life, lives.length - 1)];
    life += 1;
    let hear: (message: unknown) => void = () => undefined;
    let leave: (exit: ChildExit) => void = () => undefined;
    return {
      pid: life,
      send: (message) => {
        sent.push(message as { kind: string });
        if ((message as { kind: string }).kind !== "start") return leave(CRASH);
        const exit = act((report) => hear(report));
        if (exit !== undefined) leave(exit);
      },
      onMessage: (listener) => void (hear = listener),
      onExit: (listener) => void (leave = listener),
      kill: () => leave(CRASH),
    };
  };
  const clock = {
    nowMs: () => 0,
    after: (delayMs: number, action: () => void) => {
      waits.push(delayMs);
      queueMicrotask(action);
      return () => undefined;
    },
  };
  const quiet = () => undefined;
  const run = new ChildRun<Report, string>(
    {
      kind: "worker",
      unit: new Uint8Array(32),
      start: { kind: "start" },
      check: (message): Outcome<Report> =>
        message === "malformed" ? reject("MINER_MESSAGE") : accept(message as Report),
      progress: () => steps,
      onReport: (report) => {
        steps += 1;
        return report.kind === "done" ? "value" : undefined;
      },
    },
    { fork, clock, log: { info: quiet, warn: quiet, error: quiet } },
  );
  return { run, waits, sent, lives: () => life };
}

describe("miner/unit/child-run", () => {
  it("gives the value of a child that does its task", async () => {
    const { run, lives } = scripted([(tell) => void tell({ kind: "done" })]);
    expect(await run.run()).toBe("value");
    expect(lives()).toBe(1);
  });

  it("starts a crashed child again, waiting longer each time", async () => {
    const crash = () => CRASH;
    const { run, waits } = scripted([crash, crash, (tell) => void tell({ kind: "done" })]);
    expect(await run.run()).toBe("value");
    expect(waits).toEqual([250, 500]);
  });

  it("gives up on a child that only crashes, with its last words", async () => {
    const { run, lives } = scripted([() => CRASH]);
    await expect(run.run()).rejects.toMatchObject({
      code: "MINER_WORKER_CRASHED",
      facts: { exit: "SIGSEGV", words: "driver" },
    });
    expect(lives()).toBe(RESTARTS_MAX + 1);
  });

  it("does not give up on one that gets further each time", async () => {
    const slow = (tell: (report: unknown) => void) => {
      tell({ kind: "step" });
      return CRASH;
    };
    const lives = Array.from({ length: 3 * RESTARTS_MAX }, () => slow);
    const { run, waits } = scripted([...lives, (tell) => void tell({ kind: "done" })]);
    expect(await run.run()).toBe("value");
    expect(new Set(waits)).toEqual(new Set([250]));
  });

  it("throws a child's own fault at once: what is wrong will be wrong again", async () => {
    const facts = { name: "exp" };
    const { run, lives } = scripted([
      (tell) => {
        tell({ kind: "fault", code: "MINER_NOT_EXACT", message: "not exact", facts });
        return { code: 1, signal: null, words: "" };
      },
    ]);
    await expect(run.run()).rejects.toMatchObject({ code: "MINER_NOT_EXACT", facts });
    expect(lives()).toBe(1);
  });

  it("ends a child that sends what nobody can read", async () => {
    const { run, lives } = scripted([
      (tell) => void tell("malformed"),
      (tell) => void tell({ kind: "done" }),
    ]);
    expect(await run.run()).toBe("value");
    expect(lives()).toBe(2);
  });

  it("stops when told to, with no value and no restart", async () => {
    const { run, sent, lives } = scripted([() => undefined]);
    const ended = run.run();
    run.stop();
    expect(await ended).toBeUndefined();
    expect(sent.map(({ kind }) => kind)).toEqual(["start", "stop"]);
    expect(lives()).toBe(1);
  });
});
