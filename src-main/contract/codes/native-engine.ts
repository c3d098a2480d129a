/** Codes of the native engine adapter: why the fast CPU backend cannot be used. */
export const NATIVE_ENGINE_CODES = {
  NATIVE_ENGINE_ABSENT:
    "The native addon is not built; run npm start once with a C++ compiler and Python installed.",
  NATIVE_ENGINE_BROKEN:
    "The native addon does not load on this machine; delete the build folder and run npm start.",
  NATIVE_ENGINE_LEVEL:
    "The named instruction-set level is not usable on this machine; name one of the listed levels.",
  NATIVE_ENGINE_OPTION: "An option of the native backend is out of range; see the facts.",
} as const;
