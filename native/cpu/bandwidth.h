// Decides how fast memory is, as a limit for what only moves data.
#pragma once

namespace vivian {

/**
 * Bytes a second of one thread that computes a = b + s·c over arrays no cache of a core holds:
 * two read, one written. About 0.2 s. Throws std::bad_alloc.
 */
double measureBandwidth();

}  // namespace vivian
