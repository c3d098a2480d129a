// Decides the calls that hash the leaves and nodes of a record tree in batches.
#pragma once
#include <node_api.h>

namespace vivian {

/**
 * leafHashes(joined leaves, u32 length of each as bytes, digests): fills the digests; answers
 * whether this machine can.
 */
napi_value leafHashesCall(napi_env env, napi_callback_info info);

/** nodeHashes(joined pairs, digests): likewise. */
napi_value nodeHashesCall(napi_env env, napi_callback_info info);

/** foldNodes(2·n − 1 hashes, of which the first n stand, n a power of two): fills the others. */
napi_value foldNodesCall(napi_env env, napi_callback_info info);

}  // namespace vivian
