/** Decides the engine's maxima; programs and models come from peers. */

/** Contraction length of a product: 8127² · 2^27 < 2^53 keeps sums exact. */
export const CONTRACTION_MAX = 134_217_728;

/** Longest axis of one sum: 2^30 · 2^23 = 2^53. */
export const SUM_AXIS_MAX = 8_388_608;

/** Dimensions of a tensor; batch, three axes of an image and two to spare. */
export const RANK_MAX = 6;

/** Elements of one tensor (1 GiB of f32); one allocation no machine we admit refuses. */
export const ELEMENTS_MAX = 268_435_456;

/**
 * Ops of a program; a deep network with its backward pass has some thousands. Whoever is given a
 * model's text compiles it: no compilation writes more, which takes a second at most.
 */
export const OPS_MAX = 16_384;

/** State tensors of a program. */
export const STATES_MAX = 4_096;

/** Outputs a program shows after a step. */
export const OUTPUTS_MAX = 16;

/** Inputs of one op. */
export const OP_INPUTS_MAX = 8;

/** Attributes of one op; a schedule has two a point. */
export const OP_ATTRIBUTES_MAX = 2_049;

/** Bytes of a state or output name. */
export const NAME_BYTES_MAX = 64;

/** Bytes of an op name. */
export const OP_NAME_BYTES_MAX = 32;

/** Bytes of a program; bounds what a reader takes in before it looks. */
export const PROGRAM_BYTES_MAX = 4_194_304;

/** Characters of a model's JSON text. */
export const MODEL_TEXT_MAX = 16_384;

/**
 * Layers of a model, and of each list within one: MobileNet has 91. A layer is some 40 ops of a
 * training step, so that more would seldom fit into OPS_MAX; what bounds a whole model are its
 * text (MODEL_TEXT_MAX) and, while it is compiled, its ops.
 */
export const LAYERS_MAX = 256;

/** Residuals within residuals; the names of their tensors grow with each. */
export const LAYER_DEPTH_MAX = 4;

/** Branches whose values one layer joins; the widest blocks of image networks have four. */
export const BRANCHES_MAX = 8;

/** Side of a convolution's window; wider ones are not used on images a job may have. */
export const KERNEL_MAX = 31;

/** Pixels between two windows of a convolution. */
export const STRIDE_MAX = 16;

/** Share of running statistics kept a step; those that keep all of the past would never begin. */
export const MOMENTUM_MAX = 0.9999;

/** Share that falls out; above it hardly an element stays in a step. */
export const DROPOUT_RATE_MAX = 0.95;

/** What stands inside the root of a norm. */
export const EPSILON_RANGE = { min: 1e-10, max: 1 } as const;

/** Points of a learning-rate schedule. */
export const SCHEDULE_POINTS_MAX = 1_024;

/** Filters of a convolution or units of a dense layer. */
export const WIDTH_MAX = 65_536;

/** Samples of one batch. */
export const BATCH_MAX = 65_536;

/** Height or width of an input image. */
export const IMAGE_SIDE_MAX = 4_096;

/** Channels of an input image. */
export const CHANNELS_MAX = 4_096;

/** Features of a sample of a table; as many as a dense layer may have units. */
export const FEATURES_MAX = 65_536;

/** Classes of a classifier; a label is one byte. */
export const CLASSES_MAX = 256;

/** Tokens of a sample; attention takes their square. */
export const TOKENS_MAX = 8_192;

/** Classes of a token: two bytes of a data set hold one. */
export const VOCABULARY_MAX = 65_536;

/** Heads of an attention layer. */
export const HEADS_MAX = 256;

/** Parts a batch is computed in; the forward pass stands in the program once a part. */
export const ACCUMULATE_MAX = 16;

/** Multiply-accumulates of one step; a program above it cannot be replayed by a verifier. */
export const STEP_COST_MAX = 1_125_899_906_842_624;

/** Layers of a foreign model, those that become nothing here included. */
export const KERAS_LAYERS_MAX = 1_024;

/** Characters of a foreign layer's or weight's name. */
export const KERAS_NAME_MAX = 256;

/** Weights of a foreign model, and groups and files they lie in. */
export const KERAS_WEIGHTS_MAX = 4_096;

/** Bytes of all weights of a foreign model, stored and as f32; both stand in memory together. */
export const KERAS_WEIGHT_BYTES_MAX = 536_870_912;
