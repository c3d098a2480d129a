// Decides which instruction-set levels exist and which this machine can run.
#pragma once
#include <string>
#include <vector>

#include "bandwidth.h"
#include "kernels.h"
#include "peak.h"

namespace vivian {

/** Names of the levels usable here, slowest first; "scalar" is always the first. */
std::vector<std::string> simdLevels();

/** Whether the processor has SHA-256 instructions that this build can use. */
bool hasShaInstructions();

/** The loop of products of a level, or null when it has none or is not usable here. */
PeakFunction peakOfLevel(const std::string& level);

/** The triad of a level, or null when it is unknown or not usable here. */
TriadFunction triadOfLevel(const std::string& level);

/** The kernels of a level, or null when it is unknown or not usable here. */
const KernelTable* kernelsOfLevel(const std::string& level);

}  // namespace vivian
