/** Codes of the WebAssembly engine adapter: why the kernels cannot be used as WebAssembly. */
export const WASM_ENGINE_CODES = {
  WASM_ENGINE_BROKEN:
    "The WebAssembly engine does not run here; the reference engine trains instead, slower.",
} as const;
