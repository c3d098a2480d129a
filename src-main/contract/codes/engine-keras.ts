/** Codes of the engine's reader and writer of Keras / TensorFlow.js LayersModels. */
export const ENGINE_KERAS_CODES = {
  ENGINE_KERAS_FORM:
    "The model file is not as LayersModels are; save it again with model.save or " +
    "`tensorflowjs_converter --output_format=tfjs_layers_model`.",
  ENGINE_KERAS_FORMAT:
    "The model file is a graph model, which has no layers; convert it again with " +
    "`tensorflowjs_converter --output_format=tfjs_layers_model`.",
  ENGINE_KERAS_LAYER:
    "The model has a layer that the engine does not have; do what the facts say instead.",
  ENGINE_KERAS_OPTION:
    "A layer of the model uses an option that the engine does not have; change it as the rule " +
    "says.",
  ENGINE_KERAS_ACTIVATION:
    "A layer's activation is one that the engine does not have there; see the rule in the facts.",
  ENGINE_KERAS_GRAPH:
    "The model's layers are joined in a way that the engine does not have; see layer and rule.",
  ENGINE_KERAS_SHAPE: "The model's sizes are not ones that can be trained here; see the rule.",
  ENGINE_KERAS_WEIGHT_MISSING:
    "The file lacks a weight of a layer; save the model again with all of its weights.",
  ENGINE_KERAS_WEIGHT_UNKNOWN:
    "The file has a weight that belongs to no layer; save model and weights again, together.",
  ENGINE_KERAS_WEIGHT_SHAPE:
    "A weight does not have the shape its layer needs; save model and weights again, together.",
  ENGINE_KERAS_WEIGHT_TYPE:
    "A weight is stored as a type that is not read; save it as float32, or quantised to float16, " +
    "uint8 or uint16.",
  ENGINE_KERAS_WEIGHT_BYTES:
    "The weight files are not as long as the model says; fetch or save them again.",
  ENGINE_KERAS_NUMBER:
    "A weight is not a finite number, so the model was broken before; train it again.",
  ENGINE_KERAS_LIMIT: "The model is larger than the named limit; make it smaller.",
  ENGINE_KERAS_EXPORT:
    "A layer of this model has no counterpart in LayersModel files; see the rule in the facts.",
} as const;
