/** The face of the native engine adapter. */
export type { OpTime } from "./addon.ts";
export { createNativeBackend, nativeBackends } from "./native-backend.ts";
export type { NativeBackend, NativeOptions, NativeProbe, NativeSession } from "./native-backend.ts";
export { checkCase, checkedOps } from "./check-cases.ts";
export type { CheckCase } from "./check-cases.ts";
export { differingElement, selfCheck, valueOf } from "./self-check.ts";
