import { describe, expect, it } from "vitest";
import type { Inventory } from "../../../../src-main/adapters/machine/index.ts";
import { KnownMachine } from "../../../../src-main/processes/daemon/known-machine.ts";

function inventory(cpuName: string, incomplete: readonly string[] = []): Inventory {
  const cores = { coresPhysical: 1, coresLogical: 1, coresAvailable: 1 };
  const machine = { system: "Linux", cpuName, ...cores, memoryBytes: 1, surroundings: [] };
  return { machine, gpus: [], closed: [], incomplete };
}

const HOUR_MS = 3_600_000;

function known(looks: readonly Inventory[], first = inventory("first")) {
  const clock = { ms: 0, nowMs: () => clock.ms };
  const left = [...looks];
  let taken = 0;
  const look = () => {
    taken += 1;
    const next = left.shift();
    return next === undefined ? Promise.reject(new Error("no look left")) : Promise.resolve(next);
  };
  const machine = new KnownMachine(first, look, clock);
  return { machine, clock, taken: () => taken };
}

/** Lets what was begun come to its end. */
const turns = async () => {
  for (let turn = 0; turn < 8; turn += 1) await Promise.resolve();
};

describe("known-machine", () => {
  it("looks again only after an hour, and only when somebody asks", async () => {
    const { machine, clock, taken } = known([inventory("second")]);
    clock.ms = HOUR_MS - 1;
    expect(machine.current().machine.cpuName).toBe("first");
    expect(taken()).toBe(0);
    clock.ms = HOUR_MS;
    expect(machine.current().machine.cpuName).toBe("first");
    expect(machine.current().machine.cpuName).toBe("first");
    expect(taken()).toBe(1);
    await turns();
    expect(machine.current().machine.cpuName).toBe("second");
    expect(taken()).toBe(1);
  });

  it("looks again after a minute where the first look was cut short", async () => {
    const { machine, clock } = known([inventory("whole")], inventory("short", ["nvidia"]));
    clock.ms = 59_999;
    machine.current();
    await turns();
    expect(machine.current().machine.cpuName).toBe("short");
    clock.ms = 60_000;
    machine.current();
    await turns();
    expect(machine.current().machine.cpuName).toBe("whole");
  });

  it("keeps what it knows where a look fails or was cut short", async () => {
    const { machine, clock } = known([inventory("short", ["devices"])]);
    clock.ms = HOUR_MS;
    machine.current();
    await turns();
    expect(machine.current().machine.cpuName).toBe("first");
    clock.ms = 2 * HOUR_MS;
    machine.current();
    await turns();
    expect(machine.current().machine.cpuName).toBe("first");
  });
});
