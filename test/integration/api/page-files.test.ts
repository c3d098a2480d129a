import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { PageWorld } from "./page-world.ts";

let root: string;
let built: string;
let world: PageWorld;

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), "vivian-built-"));
  built = join(root, "assets");
  mkdirSync(join(built, "assets"), { recursive: true });
  writeFileSync(join(root, "secret.txt"), "secret");
  writeFileSync(join(built, "index.html"), "<!doctype html><title>page</title>");
  writeFileSync(join(built, "assets", "index-B1x9_abc.js"), "export {};");
  writeFileSync(join(built, "plain.css"), "a{}");
  writeFileSync(join(built, "key.pem"), "no page file");
  symlinkSync(join(root, "secret.txt"), join(built, "link.txt"));
  symlinkSync(root, join(built, "up"));
  world = await new PageWorld().start(built);
});

afterEach(async () => {
  await world.stop();
  rmSync(root, { recursive: true, force: true });
});

const get = (path: string, method = "GET") =>
  world.ask({ method, path, headers: { host: world.host } });

describe("files of the page", () => {
  it("are given with their types; only hashed names are kept for ever", async () => {
    const page = await get("/");
    expect([page.status, page.text]).toEqual([200, "<!doctype html><title>page</title>"]);
    expect(page.headers["content-type"]).toBe("text/html; charset=utf-8");
    expect(page.headers["cache-control"]).toBe("no-cache");
    const script = await get("/assets/index-B1x9_abc.js");
    expect(script.headers["content-type"]).toBe("text/javascript; charset=utf-8");
    expect(script.headers["cache-control"]).toContain("immutable");
    expect((await get("/plain.css")).headers["cache-control"]).toBe("no-cache");
    const head = await get("/", "HEAD");
    expect([head.status, head.text, head.headers["content-length"]]).toEqual([200, "", "34"]);
  });

  it("carry headers that leave no room for foreign or inline script", async () => {
    for (const path of ["/", "/health", "/nothing"]) {
      const { headers } = await get(path);
      const policy = String(headers["content-security-policy"]);
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("script-src 'self';");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toContain("unsafe");
      expect(headers["x-content-type-options"]).toBe("nosniff");
      expect(headers["referrer-policy"]).toBe("no-referrer");
      expect(headers["x-frame-options"]).toBe("DENY");
      expect(headers["cross-origin-resource-policy"]).toBe("same-origin");
    }
  });

  it("end at the folder's edge, whatever a path says", async () => {
    const outside = [
      "/../secret.txt",
      "/assets/../../secret.txt",
      "/%2e%2e/secret.txt",
      "/..%2fsecret.txt",
      "/..\\secret.txt",
      "/%5c..%5csecret.txt",
      "//secret.txt",
      "/./index.html",
      "/link.txt",
      "/up/secret.txt",
      "/key.pem",
      "/index.html%00.css",
      `/${"a/".repeat(2_000)}`,
      join(root, "secret.txt"),
      "/__proto__",
      "/constructor",
      "/assets",
      "/assets/",
      "*",
    ];
    for (const path of outside) {
      const answer = await get(path);
      expect(answer.status, path).toBe(404);
      expect(JSON.parse(answer.text), path).toMatchObject({
        error: { data: { code: "API_PATH" } },
      });
    }
  });

  it("of a new build are seen without a new daemon", async () => {
    await get("/");
    writeFileSync(join(built, "assets", "index-Second01.js"), "second");
    expect((await get("/assets/index-Second01.js")).status).toBe(404);
    await get("/");
    expect((await get("/assets/index-Second01.js")).text).toBe("second");
  });

  it("that are not built yet leave a sentence that says what to do", async () => {
    const bare = await new PageWorld().start();
    const answer = await bare.ask({ headers: { host: bare.host } });
    expect(answer.status).toBe(200);
    expect(answer.text).toContain("npm start");
    await bare.stop();
  });
});

describe("GET /health and GET /metrics", () => {
  it("say how the daemon is", async () => {
    const healthy = await get("/health");
    expect(healthy.status).toBe(200);
    expect(JSON.parse(healthy.text)).toEqual({
      ok: true,
      version: "0.1.0",
      head: { commit: 1, slots: 2, timeMs: 3 },
      since: "1970-01-01T00:00:00.000Z",
    });
    const { mine } = await world.fake.needs.feed.current();
    world.fake.change({ mine: { ...mine, state: "failed", code: "MINER_WORKER_LOST" } });
    const failed = await get("/health");
    expect([failed.status, JSON.parse(failed.text)]).toMatchObject([503, { ok: false }]);
  });

  it("give Prometheus text", async () => {
    const { status, headers, text } = await get("/metrics");
    expect(status).toBe(200);
    expect(headers["content-type"]).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(text).toContain('miner_state{state="idle"} 1');
    for (const line of text.split("\n").filter((one) => one !== "")) {
      expect(line).toMatch(/^(# (HELP|TYPE) miner_[a-z_]+ .+|miner_[a-z_]+(\{.*\})? [-+0-9.e]+)$/);
    }
  });
});
