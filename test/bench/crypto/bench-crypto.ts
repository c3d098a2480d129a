/**
 * Measures signatures, typed digests and ciphers. The peer is the definition in plain JavaScript in
 * the same run, whose answers are the ones that count.
 */

import {
  loadCompiled,
  loadWasm,
  nativeEd25519Verify,
  nativeKeccak256,
  nativeSha256,
  signaturesOver,
} from "../../../src-main/adapters/native-crypto/index.ts";
import { bytesEqual } from "../../../src-main/contract/bytes.ts";
import {
  addressOfSecretKey,
  decryptWithKey,
  ed25519PublicKey,
  ed25519Sign,
  ed25519Verify,
  encryptWithKey,
  keccak256,
  nobleSignatures,
  openSealed,
  sealTo,
  sha256,
  x25519PublicKey,
} from "../../../src-main/crypto/index.ts";
import type { SignatureBackend } from "../../../src-main/crypto/index.ts";
import { recordContext, recordDigest, recoverRecord } from "../../../src-main/ledger/index.ts";
import { PracticeWorld, transfer } from "../../worlds/practice-world.ts";
import { benchLine } from "../bench-line.ts";
import { bySize, mustHold } from "../bench-kit.ts";
import type { BenchKit } from "../bench-kit.ts";
import { secondsEach, takeTurns } from "../timing.ts";

const SECRET = sha256(Uint8Array.of(1));
const PEER = "noble";

/** Runs the benchmarks of cryptography. */
export async function benchCrypto(kit: BenchKit): Promise<void> {
  const backends = await fastBackends(kit);
  await benchRecover(kit, backends);
  await benchRecords(kit, backends[0][1]);
  await benchVerify(kit);
  await benchCiphers(kit);
}

async function fastBackends(
  kit: BenchKit,
): Promise<readonly (readonly [string, SignatureBackend])[]> {
  const wasm = ["wasm", signaturesOver(await loadWasm())] as const;
  try {
    return [["compiled", signaturesOver(loadCompiled())], wasm];
  } catch {
    kit.note("npm secp256k1 has no binary for this machine");
    return [wasm];
  }
}

async function benchRecover(
  kit: BenchKit,
  backends: readonly (readonly [string, SignatureBackend])[],
): Promise<void> {
  const digests = Array.from({ length: 32 }, (_, at) => sha256(Uint8Array.of(2, at)));
  const signatures = digests.map((digest) => nobleSignatures.sign(digest, SECRET));
  const address = addressOfSecretKey(SECRET);
  for (const [name, backend] of backends) {
    const right = digests.every((digest, at) =>
      bytesEqual(backend.recover(digest, signatures[at]) ?? new Uint8Array(0), address),
    );
    mustHold(right, `the signers by ${name}`);
  }
  const recovering = (backend: SignatureBackend, count: number) => () =>
    secondsEach(count, (run) => backend.recover(digests[run % 32], signatures[run % 32]));
  const rounds = bySize(kit, 7, 3, 1);
  const seconds = await takeTurns(rounds, [
    recovering(nobleSignatures, bySize(kit, 64, 16, 1)),
    ...backends.map(([, backend]) => recovering(backend, bySize(kit, 2_000, 500, 2))),
  ]);
  for (const [at, [name]] of backends.entries()) {
    const against = { peer: PEER, peerValue: 1 / seconds[0] };
    kit.print(benchLine(`crypto.recover/by=${name}`, 1 / seconds[at + 1], "1/s", against));
  }
}

/** A transfer's typed digest, and all that is asked of a transfer before the rules see it. */
async function benchRecords(kit: BenchKit, backend: SignatureBackend): Promise<void> {
  const world = new PracticeWorld({ keys: "real" });
  const stored = world.record("owner", transfer(world.address.stranger, 1n));
  const plain = world.context;
  const native = recordContext(nativeSha256, plain.genesisHash);
  const defined = recoverRecord(stored, plain, nobleSignatures);
  const fast = recoverRecord(stored, native, backend);
  if (!defined.ok || !fast.ok) throw new Error("the record recovers");
  mustHold(bytesEqual(defined.value.id, fast.value.id), "the typed digest");
  mustHold(bytesEqual(defined.value.signer, fast.value.signer), "the record's signer");
  const { record } = defined.value;
  const many = bySize(kit, 4_000, 1_000, 2);
  const few = bySize(kit, 64, 16, 1);
  const block = new Uint8Array(288).fill(3);
  const seconds = await takeTurns(bySize(kit, 7, 3, 1), [
    () => secondsEach(many, () => keccak256(block)),
    () => secondsEach(many, () => nativeKeccak256(block)),
    () => secondsEach(many, () => recordDigest(record, plain)),
    () => secondsEach(many, () => recordDigest(record, native)),
    () => secondsEach(few, () => recoverRecord(stored, plain, nobleSignatures)),
    () => secondsEach(many, () => recoverRecord(stored, native, backend)),
  ]);
  const names = [
    "keccak/bytes=288",
    "typed-digest/payload=transfer",
    "check-record/payload=transfer",
  ];
  for (const [at, name] of names.entries()) {
    const against = { peer: PEER, peerValue: 1 / seconds[2 * at] };
    kit.print(benchLine(`crypto.${name}`, 1 / seconds[2 * at + 1], "1/s", against));
  }
}

async function benchVerify(kit: BenchKit): Promise<void> {
  const publicKey = ed25519PublicKey(SECRET);
  const message = sha256(Uint8Array.of(3));
  const signature = ed25519Sign(SECRET, message);
  mustHold(ed25519Verify(publicKey, message, signature), "the definition's verdict");
  mustHold(nativeEd25519Verify(publicKey, message, signature), "OpenSSL's verdict");
  const [plain, native] = await takeTurns(bySize(kit, 7, 3, 1), [
    () => secondsEach(bySize(kit, 64, 16, 1), () => ed25519Verify(publicKey, message, signature)),
    () =>
      secondsEach(bySize(kit, 1_000, 200, 2), () =>
        nativeEd25519Verify(publicKey, message, signature),
      ),
  ]);
  const against = { peer: PEER, peerValue: 1 / plain };
  kit.print(benchLine("crypto.ed25519-verify/by=openssl", 1 / native, "1/s", against));
}

async function benchCiphers(kit: BenchKit): Promise<void> {
  const size = 32_768;
  const text = new Uint8Array(size).fill(5);
  const nonce = SECRET.slice(0, 24);
  const data = new Uint8Array(40);
  const hidden = encryptWithKey(SECRET, nonce, text, data);
  const publicKey = x25519PublicKey(SECRET);
  const sealed = sealTo(publicKey, SECRET, SECRET, data);
  if (!sealed.ok) throw new Error("a key is sealed");
  const opened = decryptWithKey(SECRET, nonce, hidden, data);
  mustHold(opened.ok && bytesEqual(opened.value, text), "what was hidden");
  mustHold(openSealed(SECRET, sealed.value, data).ok, "what was sealed");
  const many = bySize(kit, 200, 50, 2);
  const few = bySize(kit, 32, 8, 1);
  const [hiding, showing, sealing, opening] = await takeTurns(bySize(kit, 7, 3, 1), [
    () => secondsEach(many, () => encryptWithKey(SECRET, nonce, text, data)),
    () => secondsEach(many, () => decryptWithKey(SECRET, nonce, hidden, data)),
    () => secondsEach(few, () => sealTo(publicKey, SECRET, SECRET, data)),
    () => secondsEach(few, () => openSealed(SECRET, sealed.value, data)),
  ]);
  const cipher = `cipher=xchacha20-poly1305 bytes=${size}`;
  kit.print(benchLine(`crypto.encrypt/${cipher}`, size / hiding / 1e6, "MB/s"));
  kit.print(benchLine(`crypto.decrypt/${cipher}`, size / showing / 1e6, "MB/s"));
  kit.print(benchLine("crypto.seal/bytes=32", 1 / sealing, "1/s"));
  kit.print(benchLine("crypto.open-sealed/bytes=32", 1 / opening, "1/s"));
}
