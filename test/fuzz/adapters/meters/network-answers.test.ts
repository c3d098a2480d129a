/** Whatever a device answers, a meter gives a reading that is possible or a fault with a code. */

import { createServer as createHttpServer } from "node:http";
import { createServer } from "node:net";
import type { AddressInfo, Server } from "node:net";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { Meter } from "../../../../src-main/ports/meter.ts";
import { movedClock, openDescribed } from "../../../worlds/meters/open-described.ts";

let body: string | Uint8Array = "";
let frame: Uint8Array = new Uint8Array();
const http = createHttpServer((_request, response) => response.end(body));
const modbus = createServer((socket) => {
  socket.on("error", () => socket.destroy());
  // Half of the answers begin as an answer to what was asked does.
  socket.on("data", (asked) => socket.end(Buffer.concat([asked.subarray(0, 4), frame])));
});

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

beforeAll(async () => {
  const listening = [http, modbus].map(
    (server) => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve)),
  );
  await Promise.all(listening);
});
afterAll(() => {
  http.close();
  modbus.close();
});

async function expectReadingOrFault(meter: Meter): Promise<void> {
  try {
    const { register, watts, atMs } = await meter.read();
    expect(Number.isSafeInteger(atMs)).toBe(true);
    expect(register !== null || watts !== null).toBe(true);
    if (watts !== null) expect(Number.isFinite(watts)).toBe(true);
    if (register !== null) expect(register.millijoules).toBeGreaterThanOrEqual(0);
  } catch (error) {
    expect((error as { code?: string }).code).toMatch(/^METERS_/);
  } finally {
    await meter.close();
  }
}

/** Values as devices write them, with the names that are looked for. */
const answer = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.double(),
    fc.constantFrom("12.5", "unavailable", "kWh", "W", "total_increasing", "", "1e400"),
    fc.constant(null),
    fc.boolean(),
    fc.array(tie("value"), { maxLength: 3 }),
    tie("object"),
  ),
  object: fc.dictionary(
    fc.constantFrom(
      "aenergy",
      "total",
      "apower",
      "meters",
      "power",
      "is_valid",
      "StatusSNS",
      "ENERGY",
      "Total",
      "Power",
      "state",
      "attributes",
      "unit_of_measurement",
      "state_class",
      "last_reported",
      "model",
      "mac",
    ),
    tie("value"),
  ),
}));

describe("a device that answers anything", () => {
  it("over HTTP, as JSON or as bytes", async () => {
    const { needs } = movedClock();
    const url = `http://127.0.0.1:${portOf(http)}`;
    const tables = [
      { kind: "shelly", url },
      { kind: "shelly", url, component: "gen1-meter" },
      { kind: "tasmota", url },
      { kind: "home-assistant", url, entity: "sensor.a", token: "t" },
    ];
    const bodies = fc.oneof(
      answer.object.map((one) => JSON.stringify(one)),
      fc.uint8Array(),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...tables), bodies, async (table, said) => {
        body = said;
        await expectReadingOrFault(await openDescribed({ id: "any", ...table }, needs));
      }),
      { numRuns: 300 },
    );
  });

  it("over Modbus, as bytes of any kind", async () => {
    const { needs } = movedClock();
    const table = { kind: "sunspec", id: "any", host: "127.0.0.1", port: portOf(modbus) };
    const wellFormed = fc
      .uint8Array({ minLength: 2, maxLength: 60 })
      .map((rest) => Uint8Array.of(0, rest.length + 1, 1, ...rest));
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.uint8Array(), wellFormed), async (said) => {
        frame = said;
        await expectReadingOrFault(await openDescribed(table, needs));
      }),
      { numRuns: 200 },
    );
  });
});
