import { createRequire } from "node:module";
import { describe, expect, it } from "vitest";
import { chooseSignatures } from "../../../../src-main/adapters/native-crypto/choose-signatures.ts";
import {
  loadCompiled,
  loadWasm,
  signaturesOver,
} from "../../../../src-main/adapters/native-crypto/libsecp-signatures.ts";
import { concatBytes } from "../../../../src-main/contract/bytes.ts";
import { addressOfPublicKey, nobleSignatures } from "../../../../src-main/crypto/index.ts";
import type { SignatureBackend } from "../../../../src-main/crypto/index.ts";

const absent = () => {
  throw new Error("no prebuilt binary");
};
const wasm = async () => signaturesOver(await loadWasm());

/** The library without the definition's form check: it takes a high s. */
async function takesHighS(): Promise<SignatureBackend> {
  const library = await loadWasm();
  const { sign } = signaturesOver(library);
  return {
    sign,
    recover(digest, signature) {
      const v = signature[64];
      if (signature.length !== 65 || (v !== 27 && v !== 28)) return undefined;
      const key = library.recover(digest, signature.subarray(0, 64), v - 27);
      return key === undefined ? undefined : addressOfPublicKey(key);
    },
  };
}

describe("adapters/native-crypto/choose-signatures", () => {
  it("uses a backend of libsecp256k1 on this machine and passes no wrong one over", async () => {
    const { name, passedOver } = await chooseSignatures();
    expect(["compiled", "wasm"]).toContain(name);
    const disagreeing = passedOver.filter(({ fault }) => fault.code === "NATIVE_CRYPTO_DISAGREES");
    expect(disagreeing).toEqual([]);
  });

  it("takes the next where one is absent, and the definition where all are", async () => {
    const next = await chooseSignatures([
      { name: "compiled", load: absent },
      { name: "wasm", load: wasm },
    ]);
    expect(next.name).toBe("wasm");
    expect(next.passedOver.map(({ fault }) => fault.code)).toEqual(["NATIVE_CRYPTO_ABSENT"]);
    const none = await chooseSignatures([
      { name: "compiled", load: absent },
      { name: "wasm", load: () => Promise.reject(new Error("no WebAssembly")) },
    ]);
    expect(none.name).toBe("plain");
    expect(none.backend).toBe(nobleSignatures);
    expect(none.passedOver).toHaveLength(2);
  });

  it("does not use a backend that accepts a high s, and names the question", async () => {
    const { name, passedOver } = await chooseSignatures([{ name: "wasm", load: takesHighS }]);
    expect(name).toBe("plain");
    const [{ fault }] = passedOver;
    expect(fault.code).toBe("NATIVE_CRYPTO_DISAGREES");
    expect(fault.facts["questions"]).toContain("high s");
  });

  it("does not use one that throws, recovers with the other key, or signs otherwise", async () => {
    const right = signaturesOver(await loadWasm());
    const broken: readonly SignatureBackend[] = [
      { ...right, recover: absent },
      { ...right, sign: absent },
      {
        ...right,
        recover: (digest, signature) =>
          right.recover(digest, concatBytes(signature.subarray(0, 64), Uint8Array.of(27))),
      },
      { ...right, sign: (digest, secret) => right.sign(digest, secret).with(64, 27) },
    ];
    for (const backend of broken) {
      const { name, passedOver } = await chooseSignatures([{ name: "wasm", load: () => backend }]);
      expect(name).toBe("plain");
      expect(passedOver[0].fault.code).toBe("NATIVE_CRYPTO_DISAGREES");
    }
  });

  it("asks the compiled package's binding and never its JavaScript fallback", () => {
    const require = createRequire(import.meta.url);
    const fallback = () =>
      Object.keys(require.cache).filter((file) => /node_modules[/\\]elliptic[/\\]/.test(file));
    try {
      loadCompiled();
    } catch {
      // No binary for this machine, where the package's own entry would fall back.
    }
    expect(fallback()).toEqual([]);
    require("secp256k1/elliptic.js");
    expect(fallback()).not.toEqual([]);
  });
});
