import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { accept } from "../../../../src-main/contract/outcome.ts";
import { addressOfSecretKey } from "../../../../src-main/crypto/index.ts";
import type { Child, ChildExit } from "../../../../src-main/miner/index.ts";
import { KeyOpener } from "../../../../src-main/processes/daemon/key-opener.ts";
import {
  OPENINGS_WAITING_MAX,
  sealKeystore,
  storeWallet,
} from "../../../../src-main/wallet/index.ts";

const secret = new Uint8Array(32).fill(7);
const address = addressOfSecretKey(secret);
const PASSWORD = "correct horse";

type Act = (say: (message: unknown) => void, end: (exit: ChildExit) => void) => void;

/** A child that does as the test says once it is told to start. */
function fakeChild(act: Act, killed: () => void = () => undefined): Child {
  let say = (_message: unknown): void => {};
  let end = (_exit: ChildExit): void => {};
  return {
    pid: 1,
    send: () =>
      act(
        (message) => say(message),
        (exit) => end(exit),
      ),
    onMessage: (listener) => (say = listener),
    onExit: (listener) => (end = listener),
    kill: killed,
  };
}

const opened: Act = (say) => say({ kind: "opened", secret: Uint8Array.from(secret), address });
const refused =
  (code: string): Act =>
  (say) =>
    say({ kind: "refused", code, facts: {} });

let keys: string;
let nowMs: number;

beforeEach(async () => {
  keys = mkdtempSync(join(tmpdir(), "vivian-opener-"));
  nowMs = 1_700_000_000_000;
  const keystore = await sealKeystore({ secret, address }, PASSWORD, 2);
  storeWallet(keys, "savings", { keystore, replace: false });
});
afterEach(() => rmSync(keys, { recursive: true, force: true }));

const openerWith = (act: Act, timeoutMs = 60_000, killed?: () => void) =>
  new KeyOpener({ keys, nowMs: () => nowMs, fork: () => fakeChild(act, killed), timeoutMs });

const codeWith = async (opener: KeyOpener) => {
  const used = await opener.withKey("savings", PASSWORD, () => Promise.resolve(accept(1)));
  return used.ok ? "" : used.rejection.code;
};

describe("KeyOpener", () => {
  it("lends the key for one use, wipes it after, and ends the child", async () => {
    let killed = 0;
    const opener = openerWith(opened, 60_000, () => (killed += 1));
    let held: Uint8Array | null = null;
    const used = await opener.withKey("savings", PASSWORD, (key) => {
      held = key.secret;
      return Promise.resolve(accept(key.secret[0]));
    });
    expect(used).toEqual(accept(7));
    expect(held).toEqual(new Uint8Array(32));
    expect(killed).toBe(1);
  });

  it("wipes the key also where its use fails", async () => {
    let held = Uint8Array.of(1);
    const use = (key: { secret: Uint8Array<ArrayBuffer> | Uint8Array }) => {
      held = key.secret as Uint8Array<ArrayBuffer>;
      return Promise.reject(new Error("no disk"));
    };
    await expect(openerWith(opened).withKey("savings", PASSWORD, use)).rejects.toThrow("no disk");
    expect(held).toEqual(new Uint8Array(32));
  });

  it("counts wrong passwords and refuses the next without a child", async () => {
    expect(await codeWith(openerWith(refused("WALLET_PASSWORD")))).toBe("WALLET_PASSWORD");
    expect(await codeWith(openerWith(opened))).toBe("WALLET_PASSWORD_WAIT");
    nowMs += 1_000;
    expect(await codeWith(openerWith(opened))).toBe("");
    expect(readdirSync(keys)).toEqual(["savings.wallet.json"]);
  });

  it("says so when the child ends, lies or takes too long, and counts none of it", async () => {
    const gone = { code: null, signal: "SIGKILL", words: "correct horse" };
    const failures: readonly (readonly [Act, number])[] = [
      [(_say, end) => end(gone), 60_000],
      [(say) => say("nonsense"), 60_000],
      [(say) => say({ kind: "opened", secret: new Uint8Array(31), address }), 60_000],
      [() => undefined, 1],
    ];
    for (const [act, timeoutMs] of failures) {
      expect(await codeWith(openerWith(act, timeoutMs))).toBe("WALLET_OPENER");
    }
    expect(await codeWith(openerWith(opened))).toBe("");
  });

  it("lets a few wait and refuses the rest at once", async () => {
    const going: (() => void)[] = [];
    const opener = openerWith((say) => going.push(() => opened(say, () => undefined)));
    const tries = Array.from({ length: OPENINGS_WAITING_MAX }, () => codeWith(opener));
    expect(await codeWith(opener)).toBe("WALLET_PASSWORD_BUSY");
    for (let done = 0; done < tries.length; done += 1) {
      await expect.poll(() => going.length).toBe(1);
      going.shift()?.();
      expect(await tries[done]).toBe("");
    }
    await opener.stop();
    expect(await codeWith(opener)).toBe("PROCESSES_ENDING");
  });
});
