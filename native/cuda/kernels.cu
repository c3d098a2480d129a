// Decides what one module of a graphics device holds: every kernel, named as the host asks for it.
#define VIVIAN_LEVEL 5

#include "elementwise.cuh"
#include "fill.cuh"
#include "images.cuh"
#include "product.cuh"
#include "quantise.cuh"
#include "reduction.cuh"
#include "rows.cuh"
#include "tables.cuh"
