/** The face of the WebAssembly engine adapter. */
export { createWasmBackend } from "./wasm-backend.ts";
export type { WasmBackend, WasmOptions, WasmSession } from "./wasm-backend.ts";
