/** Codes of the engine room: why a program, a model or a tensor was refused. */
export const ENGINE_CODES = {
  ENGINE_SHAPE: "An op's tensors do not fit together; correct the shapes of that op.",
  ENGINE_ATTRIBUTE: "An op's attributes break its rule; correct the named attribute.",
  ENGINE_LIMIT: "A size is above the engine's named maximum; make the model or batch smaller.",
  ENGINE_UNKNOWN_OP: "The program names an op this version does not have; update, or use another.",
  ENGINE_REFERENCE: "An op refers to a value that does not exist yet; correct the program's order.",
  ENGINE_PROGRAM: "The program's form breaks a rule; compile it again from its model.",
  ENGINE_NO_GRADIENT:
    "A value that must be learned passes an op without a gradient; change layers.",
  ENGINE_UNSUPPORTED: "This device's backend does not offer an op; use another device.",
  ENGINE_NUMBER:
    "A value is not a canonical number (NaN, infinity, -0 or out of range); correct that value.",
  ENGINE_STATE_BYTES: "State bytes do not match the program's tensors; fetch them again.",
  ENGINE_MODEL_JSON: "The model is not JSON text of an object; correct the file.",
  ENGINE_MODEL_KEY: "The model has a key nobody knows; see the nearest known one in the facts.",
  ENGINE_MODEL_MISSING: "The model lacks a key; add the one named in the facts.",
  ENGINE_MODEL_VALUE: "A value in the model is not allowed; see the rule in the facts.",
  ENGINE_MODEL_LAYER: "The model names a layer nobody knows; see the nearest known one.",
  ENGINE_MODEL_SHAPE: "The model's layers do not fit together; see layer and rule in the facts.",
} as const;
