import { describe, expect, it } from "vitest";

import { guardApp, guardContents, guardSession } from "../../../src-main/shell/guards.ts";
import { FakeApp, FakeContents, FakeEvent, FakeSession } from "../../worlds/electron-fake.ts";

const PAGE = "http://127.0.0.1:4100";
const allowed = { origin: PAGE };

const FOREIGN = [
  "http://evil.example/",
  "https://evil.example/",
  "http://127.0.0.1:4101/",
  "http://localhost:4100/",
  "file:///etc/passwd",
  "javascript:alert(1)",
  "data:text/html,hello",
];

const EVERY_WAY = { "will-navigate": true, "will-redirect": true, "will-frame-navigate": true };
const NO_WAY = { "will-navigate": false, "will-redirect": false, "will-frame-navigate": false };

describe("guardContents", () => {
  const guarded = () => {
    const contents = new FakeContents();
    guardContents(contents, allowed);
    return contents;
  };

  it("lets the page go about its own origin", () => {
    expect(guarded().goesTo(`${PAGE}/#/work`)).toEqual(EVERY_WAY);
  });

  it.each(FOREIGN)("refuses %s by every event that asks", (url) => {
    expect(new FakeContents().goesTo(url)).toEqual(EVERY_WAY);
    expect(guarded().goesTo(url)).toEqual(NO_WAY);
  });

  it("refuses a frame within the page, even of its own origin", () => {
    expect(guarded().goesTo(`${PAGE}/`, false)).toEqual(NO_WAY);
  });

  it("refuses everything while no daemon has answered", () => {
    const contents = new FakeContents();
    guardContents(contents, { origin: null });
    expect(contents.goesTo(`${PAGE}/`)).toEqual(NO_WAY);
  });

  it("follows the daemon to another port", () => {
    const moving = { origin: PAGE };
    const contents = new FakeContents();
    guardContents(contents, moving);
    moving.origin = "http://127.0.0.1:4101";
    expect(contents.goesTo(`${PAGE}/`)).toEqual(NO_WAY);
    expect(contents.goesTo("http://127.0.0.1:4101/")).toEqual(EVERY_WAY);
  });

  it("refuses a second window and a page within the page", () => {
    expect(new FakeContents().opensWindow()).toBe(true);
    const contents = guarded();
    expect(contents.opensWindow()).toBe(false);
    const event = new FakeEvent();
    contents.emit("will-attach-webview", event);
    expect(event.isRefused).toBe(true);
  });
});

describe("guardSession", () => {
  const guarded = () => {
    const session = new FakeSession();
    guardSession(session, allowed);
    return session;
  };
  const REFUSED = { granted: false, checked: false };

  it.each(["media", "geolocation", "notifications", "clipboard-read", "openExternal", "hid"])(
    "refuses the page %s",
    (right) => {
      expect(new FakeSession().asks(right, `${PAGE}/`)).toEqual({ granted: true, checked: true });
      expect(guarded().asks(right, `${PAGE}/`)).toEqual(REFUSED);
    },
  );

  it("lets the page copy an address, and nobody else", () => {
    const right = "clipboard-sanitized-write";
    expect(guarded().asks(right, `${PAGE}/`)).toEqual({ granted: true, checked: true });
    expect(guarded().asks(right, "http://evil.example/")).toEqual(REFUSED);
    expect(guarded().asks(right, `${PAGE}/`, false).granted).toBe(false);
  });

  it("gives no device and keeps no download", () => {
    expect(new FakeSession().grantsDevice()).toBe(true);
    const session = guarded();
    expect(session.grantsDevice()).toBe(false);
    const event = new FakeEvent();
    session.emit("will-download", event);
    expect(event.isRefused).toBe(true);
  });

  it.each(["http://evil.example/?t=1", "ws://evil.example/", "http://127.0.0.1:4101/"])(
    "lets no request out to %s",
    (url) => {
      expect(new FakeSession().lets(url)).toBe(true);
      expect(guarded().lets(url)).toBe(false);
      expect(guarded().lets(`${PAGE}/index.js`)).toBe(true);
      expect(guarded().lets("ws://127.0.0.1:4100/ws")).toBe(true);
    },
  );
});

describe("guardApp", () => {
  it("guards whatever contents come about", () => {
    const app = new FakeApp();
    guardApp(app, allowed);
    const contents = new FakeContents();
    app.emit("web-contents-created", null, contents);
    expect(contents.goesTo("http://evil.example/")).toEqual(NO_WAY);
    expect(contents.opensWindow()).toBe(false);
  });

  it("trusts no certificate, shows none of ours and gives no password", () => {
    const app = new FakeApp();
    guardApp(app, allowed);
    const verdicts: boolean[] = [];
    const decide = (trusted: boolean) => void verdicts.push(trusted);
    const error = new FakeEvent();
    app.emit("certificate-error", error, null, `${PAGE}/`, "ERR_CERT", null, decide);
    expect([error.isRefused, verdicts]).toEqual([true, [false]]);
    for (const name of ["select-client-certificate", "login"]) {
      const event = new FakeEvent();
      app.emit(name, event);
      expect(event.isRefused, name).toBe(true);
    }
  });
});
