/** A card's own power limit through a real library: set, refused, put back, also after a crash. */

import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";

import { NVML, openNvml } from "../../../../src-main/adapters/nvml/index.ts";
import type { Nvml } from "../../../../src-main/adapters/nvml/index.ts";
import { CardLimits } from "../../../../src-main/processes/daemon/rules/card-limits.ts";
import { nvidiaCards } from "../../../../src-main/processes/daemon/rules/limited-cards.ts";
import { changedLimitsFile } from "../../../../src-main/processes/daemon/rules/changed-limits.ts";
import { NotedLog } from "../../../worlds/moved-clock.ts";
import { buildFake } from "./fake-library.ts";

const UUID = "GPU-00000000-0000-0000-0000-000000000000";
const folder = mkdtempSync(join(tmpdir(), "vivian-limit-"));
/** Where the stand-in keeps the limit, as a driver does over the lives of its users. */
const driver = join(folder, "driver");
const file = join(folder, "power-limits.json");
const open: Nvml[] = [];

beforeEach(() => {
  process.env["FAKE_NVML_LIMIT"] = driver;
});
afterEach(() => {
  delete process.env["FAKE_NVML_LIMIT"];
  for (const nvml of open.splice(0)) nvml.close();
  rmSync(driver, { force: true });
  rmSync(file, { force: true });
});
afterAll(() => rmSync(folder, { recursive: true }));

async function openFake(defines: readonly string[] = []): Promise<Nvml> {
  const opening = await openNvml({ libraries: [buildFake(folder, defines)] });
  if (opening.state === "absent") throw new Error(`${opening.reason}: ${opening.why}`);
  open.push(opening.nvml);
  return opening.nvml;
}

/** Cards of a daemon's life. */
async function begin(nvml: Nvml): Promise<{ cards: CardLimits; log: NotedLog }> {
  const log = new NotedLog();
  const cards = new CardLimits({ kept: changedLimitsFile(file), log });
  await cards.take(nvidiaCards(nvml, ({ index }) => `gpu-${index}`));
  return { cards, log };
}

const limitOf = async (nvml: Nvml) =>
  (await nvml.limit(UUID, { watts: null, mostWatts: null }))?.now ?? null;
const POLL = { timeout: 10_000, interval: 20 };

describe("a card's own power limit", () => {
  it("is set within its bounds, never above what was found, believed as it is read", async () => {
    const nvml = await openFake();
    expect(await nvml.limit(UUID, { watts: 250, mostWatts: 650 })).toMatchObject({
      code: NVML.success,
      before: 650,
      now: 250,
    });
    expect(await nvml.limit(UUID, { watts: 20, mostWatts: 650 })).toMatchObject({ now: 200 });
    expect(await nvml.limit(UUID, { watts: 900, mostWatts: 650 })).toMatchObject({ now: 650 });
    // Without a word of what was found, what is now is the most.
    expect(await nvml.limit(UUID, { watts: 700, mostWatts: null })).toMatchObject({ now: 650 });
    const old = "GPU-00000000-0000-0000-0000-000000000001";
    expect(await nvml.limit(old, { watts: 50, mostWatts: null })).toMatchObject({
      code: NVML.notSupported,
      now: null,
    });
    expect(await nvml.limit("GPU-none", { watts: 50, mostWatts: null })).toBeUndefined();
    const refusing = await openFake(["NO_PERMISSION"]);
    expect(await refusing.limit(UUID, { watts: 250, mostWatts: 650 })).toMatchObject({
      code: NVML.noPermission,
      now: 650,
    });
    const idle = await openFake(["SET_IGNORED"]);
    expect(await idle.limit(UUID, { watts: 250, mostWatts: 650 })).toMatchObject({
      code: NVML.notSupported,
      now: 650,
    });
  });

  it("follows a cap, and is put back when the cap or the daemon ends", async () => {
    const nvml = await openFake(["WITHOUT_MIG"]);
    const { cards } = await begin(nvml);
    cards.want(new Map([["gpu-0", 300.7]]));
    await expect.poll(() => cards.of("gpu-0"), POLL).toEqual({ limitWatts: 300, needs: null });
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual([
      { card: UUID, foundWatts: 650, setWatts: 300 },
    ]);
    cards.want(new Map([["gpu-0", 120]]));
    // Less than the card can: it keeps to its least, and rests do what is left.
    await expect.poll(() => cards.of("gpu-0").limitWatts, POLL).toBe(200);
    cards.want(new Map());
    await expect.poll(() => limitOf(nvml), POLL).toBe(650);
    expect(readFileSync(file, "utf8")).toBe("[]");
    cards.want(new Map([["gpu-0", 800]]));
    await expect.poll(() => cards.of("gpu-0").limitWatts, POLL).toBe(650);
    cards.want(new Map([["gpu-0", 400]]));
    await expect.poll(() => limitOf(nvml), POLL).toBe(400);
    await cards.close();
    expect(await limitOf(nvml)).toBe(650);
    cards.want(new Map([["gpu-0", 300]]));
    expect(await limitOf(nvml)).toBe(650);
  });

  it("is put back at the next start after a crash, unless somebody else set it since", async () => {
    const first = await openFake(["WITHOUT_MIG"]);
    const life = await begin(first);
    life.cards.want(new Map([["gpu-0", 300]]));
    await expect.poll(() => limitOf(first), POLL).toBe(300);
    first.close();
    const second = await openFake(["WITHOUT_MIG"]);
    expect(await limitOf(second)).toBe(300);
    const { cards } = await begin(second);
    expect(await limitOf(second)).toBe(650);
    cards.want(new Map([["gpu-0", 300]]));
    await expect.poll(() => limitOf(second), POLL).toBe(300);
    // Its owner sets 500 W; the next life leaves that alone.
    await second.limit(UUID, { watts: 500, mostWatts: 650 });
    second.close();
    const third = await openFake(["WITHOUT_MIG"]);
    await begin(third);
    expect(await limitOf(third)).toBe(500);
    expect(readFileSync(file, "utf8")).toBe("[]");
  });

  it("says what sets it where this account may not, and leaves shared cards alone", async () => {
    const nvml = await openFake(["WITHOUT_MIG", "NO_PERMISSION"]);
    const { cards } = await begin(nvml);
    cards.want(new Map([["gpu-0", 250]]));
    await expect
      .poll(() => cards.of("gpu-0").needs, POLL)
      .toBe(
        "The card's own limit was not set, since the driver lets root alone do it: sudo " +
          `nvidia-smi -i ${UUID} -pl 250 holds until the machine starts again.`,
      );
    expect(readFileSync(file, "utf8")).toBe("[]");
    const shared = await openFake();
    const { cards: others } = await begin(shared);
    others.want(new Map([["gpu-0", 250]]));
    await expect.poll(() => others.of("gpu-0").needs, POLL).toContain("cut into instances");
    expect(await limitOf(shared)).toBe(650);
  });

  it("sets nothing that it could not put back", async () => {
    const nvml = await openFake(["WITHOUT_MIG"]);
    const kept = { read: () => [], keep: () => false };
    const cards = new CardLimits({ kept, log: new NotedLog() });
    await cards.take(nvidiaCards(nvml, () => "gpu-0"));
    cards.want(new Map([["gpu-0", 250]]));
    await cards.close();
    expect([await limitOf(nvml), existsSync(file)]).toEqual([650, false]);
  });
});
