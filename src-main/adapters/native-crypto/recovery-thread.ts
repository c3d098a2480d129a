/**
 * Decides how signers are recovered on a thread of their own, so that the daemon's only decides.
 * What is asked in one turn goes out together; while two batches are out, the rest gathers. Where
 * no thread starts, or one ends, what waits is answered on the asking thread: slower, never lost.
 */

import { Worker } from "node:worker_threads";
import type { SignatureBackend } from "../../crypto/index.ts";
import type { SignerRecovery } from "../../ports/signer-recovery.ts";
import { addressesIn, questionBytes, READY } from "./recovery-batch.ts";
import type { RecoveryQuestion } from "./recovery-batch.ts";

/** Questions of one batch: 12 ms of work, so that an answer is never long in coming. */
const BATCH_MAX = 256;

/** Batches out at once: the thread has the next one while an answer is on its way. */
const BATCHES_OUT_MAX = 2;

/** Threads begun in all; one that keeps ending is not the way on this machine. */
const THREADS_MAX = 4;

/** What this file uses of a thread. */
export interface RecoveryThread {
  postMessage(questions: Uint8Array, transfer: readonly ArrayBuffer[]): void;
  /** "ready" once, then the answers to each batch, in order. */
  on(event: "message", listener: (said: unknown) => void): unknown;
  on(event: "error" | "exit", listener: (why: unknown) => void): unknown;
  /** Whether the process stays for it; it does while a batch is out. */
  ref(): void;
  unref(): void;
  terminate(): Promise<unknown>;
}

/** What a recovery is opened with. */
export interface RecoveryThreadNeeds {
  /** Answers where no thread does. */
  readonly backend: Pick<SignatureBackend, "recover">;
  /** Begins a thread or throws; another one in tests. */
  readonly begin?: () => RecoveryThread;
  /** Told each time a thread could not begin or ended by itself. */
  readonly onLost?: (why: unknown) => void;
}

interface Waiting extends RecoveryQuestion {
  readonly settle: (address: Uint8Array | undefined) => void;
}

function beginWorker(): RecoveryThread {
  return new Worker(new URL("./recovery-worker.ts", import.meta.url)) as RecoveryThread;
}

/** Opens a recovery; its thread begins with the first question. */
export function openSignerRecovery(needs: RecoveryThreadNeeds): SignerRecovery {
  return new ThreadRecovery(needs);
}

class ThreadRecovery implements SignerRecovery {
  readonly #needs: RecoveryThreadNeeds;
  readonly #out: (readonly Waiting[])[] = [];
  #waiting: Waiting[] = [];
  #sending = false;
  #thread: RecoveryThread | undefined;
  #ready = false;
  #begun = 0;
  #closed = false;

  constructor(needs: RecoveryThreadNeeds) {
    this.#needs = needs;
  }

  recover(digest: Uint8Array, signature: Uint8Array): Promise<Uint8Array | undefined> {
    return new Promise((settle) => {
      this.#waiting.push({ digest, signature, settle });
      if (this.#sending) return;
      this.#sending = true;
      queueMicrotask(() => {
        this.#sending = false;
        this.#send();
      });
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    const thread = this.#thread;
    this.#lose(thread);
    await thread?.terminate();
  }

  #send(): void {
    if (this.#waiting.length === 0) return;
    const thread = this.#open();
    // A thread takes a while to begin, which nobody waits for.
    if (thread === undefined || !this.#ready) return this.#answerHere();
    while (this.#waiting.length > 0 && this.#out.length < BATCHES_OUT_MAX) {
      const batch = this.#waiting.slice(0, BATCH_MAX);
      this.#waiting = this.#waiting.slice(BATCH_MAX);
      const bytes = questionBytes(batch);
      if (this.#out.length === 0) thread.ref();
      this.#out.push(batch);
      thread.postMessage(bytes, [bytes.buffer as ArrayBuffer]);
    }
  }

  #open(): RecoveryThread | undefined {
    if (this.#closed || this.#thread !== undefined) return this.#thread;
    if (this.#begun >= THREADS_MAX) return undefined;
    this.#begun += 1;
    try {
      const thread = (this.#needs.begin ?? beginWorker)();
      thread.on("message", (said) => this.#heard(thread, said));
      thread.on("error", (why) => this.#ended(thread, why));
      thread.on("exit", (code) => this.#ended(thread, code));
      thread.unref();
      this.#thread = thread;
    } catch (error) {
      this.#needs.onLost?.(error);
    }
    return this.#thread;
  }

  #heard(thread: RecoveryThread, said: unknown): void {
    if (thread !== this.#thread) return;
    if (said === READY) this.#ready = true;
    else this.#answered(thread, said);
  }

  #answered(thread: RecoveryThread, answers: unknown): void {
    const [batch] = this.#out;
    const addresses = batch === undefined ? undefined : addressesIn(answers, batch.length);
    if (addresses === undefined) {
      this.#ended(thread, "an answer to no question");
      void thread.terminate();
      return;
    }
    this.#out.shift();
    if (this.#out.length === 0) thread.unref();
    // The next batch leaves before what this one lets others do.
    this.#send();
    for (const [index, { settle }] of batch.entries()) settle(addresses[index]);
  }

  #ended(thread: RecoveryThread, why: unknown): void {
    if (thread !== this.#thread) return;
    this.#needs.onLost?.(why);
    this.#lose(thread);
  }

  /** Forgets a thread; what it had and what waits is answered here, in order. */
  #lose(thread: RecoveryThread | undefined): void {
    if (thread !== this.#thread) return;
    this.#thread = undefined;
    this.#ready = false;
    this.#waiting = [...this.#out.splice(0).flat(), ...this.#waiting];
    this.#answerHere();
  }

  #answerHere(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    const { backend } = this.#needs;
    for (const { digest, signature, settle } of waiting) {
      settle(backend.recover(digest, signature));
    }
  }
}
