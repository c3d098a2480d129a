/** Codes of the model files adapter: why a model's file is not read or written. */
export const MODEL_FILE_CODES = {
  MODEL_FILE_MISSING: "A file of the model is not there; check the path, and fetch all its parts.",
  MODEL_FILE_UNREADABLE:
    "A file of the model cannot be read; check that it is a plain file and that you may read it.",
  MODEL_FILE_KIND:
    "The model is in a form that is not read; convert it as the facts say " +
    "(pip install tensorflowjs), and give the folder.",
  MODEL_FILE_JSON: "The model file is not JSON text; save or fetch it again.",
  MODEL_FILE_TOO_LARGE: "A file of the model is larger than the named limit; make it smaller.",
  MODEL_FILE_EXISTS: "There is a file of that name already; give another, or move it away first.",
  MODEL_FILE_WRITE: "The model could not be written; check the folder and the space left.",
  MODEL_FILE_DAMAGED:
    "The weights beside a model are not the model's; import or fetch the model again.",
} as const;
