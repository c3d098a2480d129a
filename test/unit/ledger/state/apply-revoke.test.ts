import { describe, expect, it } from "vitest";
import { sha256 } from "../../../../src-main/crypto/index.ts";
import {
  GRANTS,
  StateOverlay,
  stateViewOver,
  SUBJECTS,
} from "../../../../src-main/ledger/index.ts";
import type { PayloadOf } from "../../../../src-main/ledger/index.ts";
import { KEY_EPOCHS_MAX } from "../../../../src-main/ledger/limits.ts";
import { grantId } from "../../../../src-main/ledger/state/apply-grant.ts";
import { applyRevoke } from "../../../../src-main/ledger/state/apply-revoke.ts";
import type { RuleContext } from "../../../../src-main/ledger/state/rule.ts";
import {
  codeOf,
  encryptionKey,
  grant,
  PracticeWorld,
  sealed,
} from "../../../worlds/practice-world.ts";

const SUBJECT = new Uint8Array(32).fill(9);
const revoke = (to: Uint8Array): PayloadOf<"revoke"> => ({ kind: "revoke", subject: SUBJECT, to });

function granted(): PracticeWorld {
  const world = new PracticeWorld();
  world.codeOf(world.record("owner", sealed(SUBJECT, 0)));
  world.codeOf(world.record("worker", encryptionKey()));
  const payload = grant(SUBJECT, 0, world.address.worker);
  expect(world.codeOf(world.record("owner", payload))).toBe("");
  return world;
}

describe("ledger/state/apply-revoke", () => {
  it("deletes the grant and asks for a new key epoch from then on", () => {
    const world = granted();
    const { worker } = world.address;
    expect(world.codeOf(world.record("owner", revoke(worker)))).toBe("");
    expect(world.row(GRANTS, grantId(SUBJECT, worker))).toBeUndefined();
    expect(world.row(SUBJECTS, SUBJECT)?.keyEpoch).toBe(1);
    expect(world.codeOf(world.record("owner", sealed(SUBJECT, 0)))).toBe("LEDGER_KEY_EPOCH");
    expect(world.codeOf(world.record("owner", sealed(SUBJECT, 1)))).toBe("");
    expect(world.codeOf(world.record("owner", grant(SUBJECT, 1, worker)))).toBe("");
  });

  it("refuses what was not granted, a stranger, and a subject nobody has", () => {
    const world = granted();
    const { verifier, worker } = world.address;
    expect(world.codeOf(world.record("owner", revoke(verifier)))).toBe("LEDGER_GRANT_UNKNOWN");
    expect(world.codeOf(world.record("worker", revoke(worker)))).toBe("LEDGER_SUBJECT_OTHERS");
    const nobodys = { ...revoke(worker), subject: new Uint8Array(32) };
    expect(world.codeOf(world.record("owner", nobodys))).toBe("LEDGER_SUBJECT_UNKNOWN");
  });

  it("ends before the epochs of a subject run out", () => {
    const world = granted();
    const { owner, worker } = world.address;
    const overlay = new StateOverlay(stateViewOver(world.readPage), sha256);
    const subject = overlay.read(SUBJECTS, SUBJECT);
    if (subject === undefined) throw new Error("the subject is there");
    overlay.write(SUBJECTS, SUBJECT, { ...subject, keyEpoch: KEY_EPOCHS_MAX });
    const sender = { account: owner, id: SUBJECT, slot: 9n };
    const outcome = applyRevoke(overlay, sender, revoke(worker), {} as RuleContext);
    expect(codeOf(outcome)).toBe("LEDGER_KEY_EPOCHS");
  });
});
