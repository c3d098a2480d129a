/** Codes of the float engine: why TensorFlow.js does not compute here. */
export const FLOAT_ENGINE_CODES = {
  FLOAT_ENGINE_ABSENT:
    "That TensorFlow.js library is not installed; install the package that the facts name beside " +
    "this program, or use tfjs-wasm, which comes with it.",
  FLOAT_ENGINE_CUDA:
    "tfjs-node-gpu found no GPU that it can use: it needs an NVIDIA driver, CUDA 11.2 and cuDNN " +
    "8.1; install these, or use tfjs-wasm, which needs neither.",
  FLOAT_ENGINE_ENDED:
    "The process of the float engine ended; the facts have its last words, so mend what they say " +
    "and run the command again.",
  FLOAT_ENGINE_NODE:
    "The TensorFlow.js library does not fit this version of Node; use tfjs-wasm, which does.",
  FLOAT_ENGINE_VALUE:
    "The value was freed after its last use; open the session with values kept to read it.",
} as const;
