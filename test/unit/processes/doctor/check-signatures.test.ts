import { describe, expect, it } from "vitest";
import type {
  ChosenSignatures,
  SignatureBackendName,
} from "../../../../src-main/adapters/native-crypto/index.ts";
import { Fault } from "../../../../src-main/contract/outcome.ts";
import { nobleSignatures } from "../../../../src-main/crypto/index.ts";
import { checkSignatures } from "../../../../src-main/processes/doctor/check-signatures.ts";

const chose = (name: SignatureBackendName, ...codes: readonly string[]) => {
  const chosen: ChosenSignatures = {
    name,
    backend: nobleSignatures,
    passedOver: codes.map((code) => ({ name: "compiled", fault: new Fault(code, "reason") })),
  };
  return () => Promise.resolve(chosen);
};

describe("processes/doctor/check-signatures", () => {
  it("finds nothing to mend where the fastest is used, or WebAssembly has to be", async () => {
    expect((await checkSignatures(chose("compiled"))).verdict).toBe("ok");
    const wasm = await checkSignatures(chose("wasm", "NATIVE_CRYPTO_ABSENT"));
    expect(wasm).toMatchObject({ verdict: "ok", next: null });
  });

  it("says by its code why a way that answers wrongly, or any fast one, is not used", async () => {
    const wrong = chose("wasm", "NATIVE_CRYPTO_ABSENT", "NATIVE_CRYPTO_DISAGREES");
    const finding = await checkSignatures(wrong);
    expect(finding.verdict).toBe("attention");
    expect(finding.text).toContain("NATIVE_CRYPTO_DISAGREES");
    const plain = await checkSignatures(chose("plain", "NATIVE_CRYPTO_ABSENT"));
    expect(plain.verdict).toBe("attention");
    expect(plain.text).toContain("NATIVE_CRYPTO_ABSENT");
    expect(plain.next).not.toBe(null);
  });
});
