/** The meters as a person sees them: a daemon is not needed, what fails says what mends it. */

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { powerProfile } from "../../worlds/meters/power-profile.ts";
import { startShellyDevice } from "../../worlds/meters/shelly-device.ts";
import type { ShellyDevice } from "../../worlds/meters/shelly-device.ts";
import { TestHome } from "./run-vivian.ts";

const PASSWORD = "not-to-be-told";

let plug: ShellyDevice;
let home: TestHome;

beforeAll(async () => {
  const beganMs = Date.now() - 3_600_000;
  const profile = powerProfile([{ fromMs: beganMs, watts: 321 }], () => Date.now());
  plug = await startShellyDevice({ profile, password: PASSWORD });
  const table = (id: string, lines: string) => `[[meters]]\nid = "${id}"\n${lines}\n`;
  const shelly = `kind = "shelly"\nurl = "${plug.url}"`;
  home = new TestHome(
    [
      table("plug-desk", `${shelly}\npassword = "${PASSWORD}"`),
      table("plug-wrong", `${shelly}\npassword = "another"`),
      table("rack", 'kind = "declared"\nwatts = 80'),
    ].join("\n"),
  );
});
afterAll(async () => {
  await home.remove();
  await plug.close();
});

interface Shown {
  readonly id: string;
  readonly tier: string | null;
  readonly watts: number | null;
  readonly error: { readonly code: string; readonly next: string } | null;
}

describe("vivian energy meters", () => {
  it("shows each meter with a live reading, or the reason and what mends it", async () => {
    const ran = await home.run(["energy", "meters", "--json"]);
    expect(ran, ran.stderr).toMatchObject({ code: 0 });
    const { meters } = JSON.parse(ran.stdout) as { meters: Shown[] };
    const shown = new Map(meters.map((one) => [one.id, one]));
    expect(shown.get("plug-desk")).toMatchObject({ tier: "B", watts: 321, error: null });
    expect(shown.get("rack")).toMatchObject({ tier: "E", watts: 80 });
    const wrong = shown.get("plug-wrong");
    expect(wrong).toMatchObject({ watts: null, error: { code: "METERS_LOGIN" } });
    expect(wrong?.error?.next).not.toBe("");
    expect(ran.stdout + ran.stderr).not.toContain(PASSWORD);
  });

  it("says it to people as well", async () => {
    const { stdout } = await home.run(["energy", "meters"]);
    expect(stdout).toContain("plug-desk");
    expect(stdout).toContain("321.0 W, register");
    expect(stdout).toContain("METERS_LOGIN");
  });

  it("tries a meter that is not in the settings", async () => {
    const line = `shelly ${plug.url} password=${PASSWORD}`;
    const ran = await home.run(["energy", "meters", "--try", line]);
    expect(ran, ran.stderr).toMatchObject({ code: 0 });
    expect(ran.stdout).toContain("321.0 W");
    const refused = await home.run(["energy", "meters", "--try", `shelly ${plug.url}`]);
    expect(refused).toMatchObject({ code: 1 });
    expect(refused.stderr).toContain("METERS_LOGIN");
    const wrong = await home.run(["energy", "meters", "--try", "kettle http://h", "--json"]);
    expect(wrong).toMatchObject({ code: 1 });
    expect(JSON.parse(wrong.stdout)).toMatchObject({ error: { code: "METERS_DESCRIPTION" } });
  });
});
