/** Decides the name of a program: a Merkle root, so that one op record can be opened alone. */
import { merkleRoot } from "../../crypto/index.ts";
import type { Hasher } from "../../crypto/index.ts";
import type { Program } from "./program.ts";
import { encodeOpRecord, encodeSections } from "./wire.ts";

/**
 * The leaves of the program hash: every op record in order, then the state-tensor list, the
 * updates and the outputs. A tree of n leaves has n − 3 ops, so no leaf can change its role.
 */
export function programLeaves(program: Program): readonly Uint8Array[] {
  return [...program.ops.map(encodeOpRecord), ...encodeSections(program)];
}

/** The RFC 9162 root over `programLeaves`, 32 bytes. */
export function programHash(hasher: Hasher, program: Program): Uint8Array {
  return merkleRoot(hasher, programLeaves(program));
}
