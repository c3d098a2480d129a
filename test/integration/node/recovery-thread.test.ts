import { rmSync } from "node:fs";
import { Worker } from "node:worker_threads";
import { describe, expect, it } from "vitest";
import { openSignerRecovery } from "../../../src-main/adapters/native-crypto/index.ts";
import type { RecoveryThread } from "../../../src-main/adapters/native-crypto/index.ts";
import { CRYPTO, newFolder, openNode, OWNER, transfer } from "./practice-node.ts";

const WORKER = new URL(
  "../../../src-main/adapters/native-crypto/recovery-worker.ts",
  import.meta.url,
);

/** A recovery over a real thread that has begun; the thread can be ended by force. */
async function threadedRecovery() {
  const workers: Worker[] = [];
  const lost: unknown[] = [];
  let batches = 0;
  const begin = (): RecoveryThread => {
    const worker = new Worker(WORKER);
    worker.on("message", (said) => void (batches += said === "ready" ? 0 : 1));
    workers.push(worker);
    return worker as RecoveryThread;
  };
  const onLost = (why: unknown) => void lost.push(why);
  const recovery = openSignerRecovery({ backend: CRYPTO.signatures, begin, onLost });
  await recovery.recover(new Uint8Array(32).fill(1), new Uint8Array(65));
  await new Promise((resolve) => workers[0].once("message", resolve));
  return { recovery, workers, lost, batches: () => batches };
}

describe("a node whose signers are recovered on a thread", () => {
  it("seals a burst although its thread ends, and refuses a false signature", async () => {
    const folder = newFolder();
    const { recovery, workers, lost, batches } = await threadedRecovery();
    const open = await openNode(folder, { crypto: { ...CRYPTO, recovery } });
    try {
      const { node } = open;
      const submitted = Array.from({ length: 600 }, () => {
        // Asked before each, as wallets do: the answer counts what is on its way.
        return node.submit(transfer(node.nextNonce(OWNER, 0)));
      });
      const firsts = await Promise.all(submitted.slice(0, 300));
      const nonce = node.nextNonce(OWNER, 0);
      expect(nonce).toBe(600n);
      const more = Array.from({ length: 400 }, (_, at) =>
        node.submit(transfer(nonce + BigInt(at))),
      );
      await workers[0].terminate();
      const all = [...firsts, ...(await Promise.all([...submitted.slice(300), ...more]))];
      expect(all.filter((outcome) => !outcome.ok)).toEqual([]);
      expect(node.nextNonce(OWNER, 0)).toBe(1_000n);
      expect([lost.length, batches() > 0]).toEqual([1, true]);
      const wrong = transfer(1_000n);
      wrong[wrong.length - 30] ^= 1;
      const refused = await node.submit(wrong);
      const code = refused.ok ? "" : refused.rejection.code;
      expect(["LEDGER_SIGNATURE", "LEDGER_SIGNER"]).toContain(code);
      const report = await node.verify();
      expect([report.ok, report.code]).toEqual([true, undefined]);
    } finally {
      await open.close();
      await recovery.close();
      rmSync(folder, { recursive: true, force: true });
    }
  }, 60_000);
});
