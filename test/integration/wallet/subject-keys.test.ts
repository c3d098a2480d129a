import { randomBytes } from "node:crypto";
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Outcome } from "../../../src-main/contract/outcome.ts";
import { bytesToHex } from "../../../src-main/contract/bytes.ts";
import {
  addSubjectKey,
  createSubject,
  encryptionKeyOf,
  eraseSubject,
  listSubjects,
  subjectKey,
} from "../../../src-main/wallet/index.ts";
import { SUBJECT_EPOCHS_KEPT_MAX, SUBJECTS_MAX } from "../../../src-main/wallet/limits.ts";

const codeOf = (outcome: Outcome<unknown>) => (outcome.ok ? "" : outcome.rejection.code);
const fresh = (count: number) => new Uint8Array(randomBytes(count));
const owner = {
  address: new Uint8Array(20).fill(1),
  encryption: encryptionKeyOf(new Uint8Array(32).fill(2)),
};

let keys: string;
beforeEach(() => {
  keys = mkdtempSync(join(tmpdir(), "vivian-subjects-"));
});
afterEach(() => {
  rmSync(keys, { recursive: true, force: true });
});

function made(label = "scans"): Uint8Array {
  const created = createSubject(keys, label, owner, fresh);
  if (!created.ok) throw new Error(created.rejection.code);
  return created.value.subject;
}

describe("subject keys", () => {
  it("keep a key for each epoch, wrapped, and give them to the owner alone", () => {
    const subject = made();
    const first = subjectKey(keys, { subject, keyEpoch: 0 }, owner);
    expect(codeOf(addSubjectKey(keys, subject, owner, fresh))).toBe("");
    const second = subjectKey(keys, { subject, keyEpoch: 1 }, owner);
    expect(first.ok && second.ok && bytesToHex(first.value) !== bytesToHex(second.value)).toBe(
      true,
    );
    expect(subjectKey(keys, { subject, keyEpoch: 0 }, owner)).toEqual(first);
    expect(codeOf(subjectKey(keys, { subject, keyEpoch: 2 }, owner))).toBe("WALLET_SUBJECT_EPOCH");
    const stranger = { ...owner, encryption: encryptionKeyOf(new Uint8Array(32).fill(3)) };
    expect(codeOf(subjectKey(keys, { subject, keyEpoch: 0 }, stranger))).toBe("CRYPTO_DECRYPT");
    const [name] = readdirSync(join(keys, "subjects"));
    const bytes = readFileSync(join(keys, "subjects", name)).toString("hex");
    if (first.ok) expect(bytes).not.toContain(bytesToHex(first.value));
    expect(statSync(join(keys, "subjects", name)).mode & 0o077).toBe(0);
  });

  it("are erased for good, and say so", () => {
    const subject = made();
    expect(codeOf(eraseSubject(keys, subject))).toBe("");
    const at = { subject, keyEpoch: 0 };
    expect(codeOf(subjectKey(keys, at, owner))).toBe("WALLET_SUBJECT_ERASED");
    expect(codeOf(eraseSubject(keys, subject))).toBe("WALLET_SUBJECT_ERASED");
    expect(listSubjects(keys)).toMatchObject([{ subject, label: "", erased: true }]);
    for (const name of readdirSync(join(keys, "subjects"))) {
      expect(statSync(join(keys, "subjects", name)).size).toBe(0);
    }
  });

  it("refuse a label that is taken, empty or too long", () => {
    made();
    expect(codeOf(createSubject(keys, "scans", owner, fresh))).toBe("WALLET_SUBJECT_EXISTS");
    for (const label of ["", "é".repeat(65)]) {
      expect(codeOf(createSubject(keys, label, owner, fresh))).toBe("WALLET_SUBJECT_LABEL");
    }
    expect(codeOf(eraseSubject(keys, fresh(32)))).toBe("WALLET_SUBJECT_UNKNOWN");
  });

  it("are refused where the file is damaged, which can still be erased", () => {
    const subject = made();
    const file = join(keys, "subjects", `${bytesToHex(subject)}.subject`);
    chmodSync(file, 0o644);
    expect(codeOf(subjectKey(keys, { subject, keyEpoch: 0 }, owner))).toBe("");
    expect(statSync(file).mode & 0o077).toBe(0);
    truncateSync(file, statSync(file).size - 1);
    expect(codeOf(subjectKey(keys, { subject, keyEpoch: 0 }, owner))).toBe("WALLET_SUBJECT_FILE");
    expect(listSubjects(keys)).toEqual([]);
    expect(codeOf(eraseSubject(keys, subject))).toBe("");
    expect(codeOf(subjectKey(keys, { subject, keyEpoch: 0 }, owner))).toBe("WALLET_SUBJECT_ERASED");
  });

  it("end at the last epoch and at the last subject that are kept", () => {
    const subject = made("epochs");
    const file = join(keys, "subjects", `${bytesToHex(subject)}.subject`);
    const bytes = new Uint8Array(readFileSync(file));
    // The list of keys ends the file: a u32 count and the one key; it is grown to the full count.
    const keyBytes = 4 + new DataView(bytes.buffer).getUint32(bytes.length - 84, true);
    const head = bytes.slice(0, bytes.length - keyBytes - 4);
    const count = new Uint8Array(4);
    new DataView(count.buffer).setUint32(0, SUBJECT_EPOCHS_KEPT_MAX, true);
    const one = bytes.slice(bytes.length - keyBytes);
    const all = Array.from({ length: SUBJECT_EPOCHS_KEPT_MAX }, () => one);
    writeFileSync(file, Buffer.concat([head, count, ...all]));
    expect(codeOf(addSubjectKey(keys, subject, owner, fresh))).toBe("WALLET_SUBJECT_EPOCHS");
    for (let at = 1; at < SUBJECTS_MAX; at += 1) {
      writeFileSync(join(keys, "subjects", `${bytesToHex(fresh(32))}.erased`), "");
    }
    expect(codeOf(createSubject(keys, "more", owner, fresh))).toBe("WALLET_SUBJECTS");
  });
});
