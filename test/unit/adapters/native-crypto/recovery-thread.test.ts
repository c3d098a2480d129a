import { describe, expect, it } from "vitest";
import { openSignerRecovery } from "../../../../src-main/adapters/native-crypto/index.ts";
import type { RecoveryThread } from "../../../../src-main/adapters/native-crypto/index.ts";
import { answerBytes, READY } from "../../../../src-main/adapters/native-crypto/recovery-batch.ts";
import { addressOfSecretKey, nobleSignatures } from "../../../../src-main/crypto/index.ts";

const SECRETS = Array.from({ length: 4 }, (_, at) => new Uint8Array(32).fill(at + 1));
const ADDRESSES = SECRETS.map((secret) => addressOfSecretKey(secret));
const digestOf = (at: number) => new Uint8Array(32).fill(at + 1);
const QUESTIONS = SECRETS.map((secret, at) => {
  return { digest: digestOf(at), signature: nobleSignatures.sign(digestOf(at), secret) };
});

/** A thread that answers by hand, and counts who asked on the asking side. */
function world() {
  const threads: FakeThread[] = [];
  const lost: unknown[] = [];
  let here = 0;
  const backend = {
    recover(digest: Uint8Array, signature: Uint8Array) {
      here += 1;
      return nobleSignatures.recover(digest, signature);
    },
  };
  const begin = (): RecoveryThread => {
    const thread = new FakeThread();
    threads.push(thread);
    return thread;
  };
  const recovery = openSignerRecovery({ backend, begin, onLost: (why) => void lost.push(why) });
  const ask = (at: number) => recovery.recover(QUESTIONS[at].digest, QUESTIONS[at].signature);
  return { threads, lost, recovery, ask, counted: () => here };
}

class FakeThread implements RecoveryThread {
  readonly batches: Uint8Array[] = [];
  readonly listeners = new Map<string, (said: unknown) => void>();
  held = false;
  ended = false;
  postMessage(questions: Uint8Array): void {
    this.batches.push(questions);
  }
  on(event: string, listener: (said: unknown) => void): void {
    this.listeners.set(event, listener);
  }
  ref(): void {
    this.held = true;
  }
  unref(): void {
    this.held = false;
  }
  terminate(): Promise<void> {
    this.ended = true;
    return Promise.resolve();
  }
  say(event: string, said: unknown): void {
    this.listeners.get(event)?.(said);
  }
  answer(): void {
    this.say("message", answerBytes(nobleSignatures, this.batches.shift() as Uint8Array));
  }
}

const turns = () => new Promise<void>((resolve) => void setImmediate(resolve));

/** A world whose thread has begun. */
async function ready() {
  const made = world();
  await made.ask(0);
  made.threads[0].say("message", READY);
  return { ...made, thread: made.threads[0], before: made.counted() };
}

describe("adapters/native-crypto/recovery-thread", () => {
  it("answers here until the thread has begun, then each turn in one batch", async () => {
    const { ask, thread, counted, before } = await ready();
    expect(before).toBe(1);
    const answers = Promise.all([ask(0), ask(1), ask(2)]);
    await turns();
    expect([thread.batches.length, thread.held]).toEqual([1, true]);
    thread.answer();
    expect(await answers).toEqual(ADDRESSES.slice(0, 3));
    expect([counted() - before, thread.held]).toEqual([0, false]);
  });

  it("has two batches out at most and gathers the rest", async () => {
    const { ask, thread } = await ready();
    const answers: Promise<unknown>[] = [];
    for (const at of [0, 1, 2, 3]) {
      answers.push(ask(at));
      await turns();
    }
    expect(thread.batches.length).toBe(2);
    thread.answer();
    thread.answer();
    thread.answer();
    expect(await Promise.all(answers)).toEqual(ADDRESSES);
    expect(thread.batches.length).toBe(0);
  });

  it("says nobody for a signature that is nobody's", async () => {
    const { recovery, thread } = await ready();
    const answer = recovery.recover(digestOf(0), new Uint8Array(65));
    await turns();
    thread.answer();
    expect(await answer).toBeUndefined();
  });

  it.each(["exit", "error", "message"])("loses nothing when the thread ends: %s", async (event) => {
    const { ask, thread, threads, lost, counted, before } = await ready();
    const answers = Promise.all([ask(0), ask(1)]);
    await turns();
    const later = ask(2);
    thread.say(event, event === "message" ? new Uint8Array(3) : 1);
    expect(await answers).toEqual(ADDRESSES.slice(0, 2));
    expect(await later).toEqual(ADDRESSES[2]);
    expect([counted() - before, lost.length]).toEqual([3, 1]);
    // What comes late from the old thread changes nothing; a new one takes over.
    thread.answer();
    expect(await ask(3)).toEqual(ADDRESSES[3]);
    expect(threads).toHaveLength(2);
    threads[1].say("message", READY);
    const again = ask(3);
    await turns();
    threads[1].answer();
    expect(await again).toEqual(ADDRESSES[3]);
  });

  it("gives up on threads after four, and still answers", async () => {
    const { ask, threads } = world();
    for (let round = 0; round < 6; round += 1) {
      expect(await ask(1)).toEqual(ADDRESSES[1]);
      threads[round]?.say("exit", 1);
    }
    expect(threads).toHaveLength(4);
  });

  it("answers everything when it is closed, and afterwards", async () => {
    const { ask, recovery, thread, threads } = await ready();
    const answer = ask(0);
    await turns();
    await recovery.close();
    expect([await answer, thread.ended]).toEqual([ADDRESSES[0], true]);
    expect(await ask(1)).toEqual(ADDRESSES[1]);
    expect(threads).toHaveLength(1);
  });
});
