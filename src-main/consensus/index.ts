/** The face of the consensus room: when commits are sealed and what is signed. */
export { EMPTY_SIGN_GUARD, guardedStatement, signGuardCodec } from "./sign-guard.ts";
export type { SignGuard } from "./sign-guard.ts";
export { soloState, soloStep } from "./solo.ts";
export type { SoloAction, SoloEvent, SoloStart, SoloState, SoloStep } from "./solo.ts";
