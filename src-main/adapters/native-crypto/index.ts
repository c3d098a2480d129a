/** The face of the native crypto adapter. */
export { nativeSha256 } from "./sha256.ts";
