// Decides causal attention in one launch. Each step is that of the op it stands for; what is left
// out is proved to be nothing: scores under the mask are not computed, and columns whose powers are
// all +0 add nothing to an exact product.
#include "attention-call.h"
#include "elementary.h"
#include "kernels.h"
#include "product.h"
#include "reduction.h"

namespace vivian {
namespace VIVIAN_LEVEL_NAME {
namespace {

constexpr int32_t ONE_BITS = 0x3f800000;

/** One thread's scratch. */
struct Piece {
  Product scores, mix;
  float* scoreValues;  // [rows, columns]
  float* powers;       // the same, where they are not kept
};

struct Attention {
  const AttentionCall* call;
  size_t pieceBytes;
};

Piece pieceOf(const AttentionCall& call, Arena& arena) {
  const bool keysTurned[2] = {false, true};
  const bool plain[2] = {false, false};
  Piece piece = {};
  piece.scores.m = call.rows;
  piece.scores.k = call.depth;
  piece.scores.n = call.columns;
  planProduct(piece.scores, call.scoreProfile, keysTurned, 1, arena);
  piece.mix.m = call.rows;
  piece.mix.k = call.columns;
  piece.mix.n = call.width;
  planProduct(piece.mix, call.mixProfile, plain, 1, arena);
  piece.scoreValues = arena.take<float>(call.rows * call.columns);
  piece.powers = arena.take<float>(call.powers == nullptr ? call.rows * call.columns : 0);
  return piece;
}

size_t pieceBytes(const AttentionCall& call) {
  Arena arena = {0, 0};
  pieceOf(call, arena);
  return (arena.used + 255) & ~(size_t)63;
}

/** Scores of the tiles in which any is seen. */
void multiplySeen(Product& p, int64_t offset) {
  findShifts(&p, 0, p.k, 0);
  finishShifts(p);
  quantiseRows(&p, 0, panelsOf(p), 0);
  quantiseColumns(&p, 0, blocksOf(p), 0);
  for (int64_t item = 0; item < productTiles(p); item += 1) {
    const auto [panel, block] = tilePlace(p, item);
    const int64_t lastRow = smaller((panel + 1) * p.tileRows, p.m) - 1;
    if (block * COLUMN_BLOCK > lastRow + offset) continue;
    multiply(&p, item, item + 1, 0);
  }
}

/** Powers of one row from its `open` scores; what a masked one is. */
float powersOfRow(const float* VIVIAN_RESTRICT scores, int64_t open, int64_t columns,
                  float* VIVIAN_RESTRICT powers) {
  const float largest = largestOf(scores, open);
  // Whole vectors; what the last one computes beyond the seen scores is replaced below.
  const int64_t end = smaller(columns, roundUp(open, 16));
  for (int64_t c = 0; c < end; c += 1) {
    powers[c] = expCanonical(subCanonical(scores[c], largest));
  }
  const float masked = expCanonical(subCanonical(floatOf(MASKED_BITS), largest));
  for (int64_t c = open; c < columns; c += 1) powers[c] = masked;
  return masked;
}

/** The product of powers and values; a row's largest power is 1, so its exponent is known. */
void mixValues(Product& p, int64_t offset, bool anyMasked) {
  finishShifts(p);
  quantiseColumns(&p, 0, blocksOf(p), 0);
  const int32_t exponent = exponentOf(ONE_BITS, p.bound);
  for (int64_t row = 0; row < p.m; row += 1) storeExponent(p.a, row, exponent);
  for (int64_t row = 0; row < p.m; row += TILE_ROWS) {
    const int64_t count = smaller(TILE_ROWS, p.m - row);
    const int64_t seen = anyMasked ? p.k : smaller(p.k, row + count + offset);
    const int64_t pairs = (seen + 1) / 2;
    float squares = 0.0f;
    for (int64_t i = row; i < row + count; i += 1) {
      int16_t* target = p.rows + i * (p.rowBytes / 2);
      quantiseVector(p.a.values + i * p.a.stride, seen, p.a.factors[i], target);
      for (int64_t k = seen; k < 2 * roundUp(pairs, LANES); k += 1) target[k] = 0;
      const float one = squaresOfLine(target, pairs);
      squares = one > squares ? one : squares;
    }
    const Rows rows = {(const char*)p.rows + row * p.rowBytes, p.rowBytes, p.offsets};
    for (int64_t block = 0; block < blocksOf(p); block += 1) {
      const int64_t column = block * COLUMN_BLOCK;
      const Target target = {p.c + row * p.strideC + column, p.strideC, p.a.exponents + row,
                             p.b.exponents + column};
      productTile(rows, pairs, (const int16_t*)(p.columns + blockStart(block, p.words)), count,
                  smaller(COLUMN_BLOCK, p.n - column), target,
                  spillPairsFor(squares, p.columnSquares[block]));
    }
  }
}

void attendElements(void* context, int64_t begin, int64_t end, int32_t worker) {
  const Attention& attention = *(const Attention*)context;
  const AttentionCall& call = *attention.call;
  Arena arena = {(uintptr_t)call.call.scratch + attention.pieceBytes * (size_t)worker, 0};
  Piece piece = pieceOf(call, arena);
  const int64_t area = call.rows * call.columns;
  for (int64_t element = begin; element < end; element += 1) {
    piece.scores.a.values = call.queries + element * call.rows * call.depth;
    piece.scores.b.values = call.keys + element * call.columns * call.depth;
    piece.scores.c = piece.scoreValues;
    multiplySeen(piece.scores, call.offset);
    float* powers = call.powers == nullptr ? piece.powers : call.powers + element * area;
    bool anyMasked = false;
    for (int64_t row = 0; row < call.rows; row += 1) {
      const int64_t open = smaller(call.columns, row + call.offset + 1);
      float* line = powers + row * call.columns;
      const float masked =
          powersOfRow(piece.scoreValues + row * call.columns, open, call.columns, line);
      anyMasked = anyMasked || (masked != 0.0f && open < call.columns);
      if (call.totals == nullptr) continue;
      const int64_t sum = sumOfLine(line, call.columns, sumScale(ONE_BITS));
      call.totals[element * call.rows + row] = finishedSum(sum, ONE_BITS, 0.0f);
    }
    piece.mix.a.values = powers;
    piece.mix.b.values = call.values + element * call.columns * call.width;
    piece.mix.c = call.output + element * call.rows * call.width;
    mixValues(piece.mix, call.offset, anyMasked);
  }
}

}  // namespace

size_t attentionScratch(const AttentionCall& call) {
  return pieceBytes(call) * (size_t)call.call.threads;
}

void attention(const AttentionCall& call) {
  const Attention context = {&call, pieceBytes(call)};
  const int64_t work = call.rows * call.columns * (call.depth + call.width);
  parallelFor(call.call, call.elements, 1 + 65536 / work, attendElements, (void*)&context);
}

}  // namespace VIVIAN_LEVEL_NAME
}  // namespace vivian
