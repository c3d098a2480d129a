/** The face of the meters: what this machine can count of the energy it uses. */
export { isCounter, openPackageCounter } from "./package-counter.ts";
export type { NoCounter } from "./package-counter.ts";
