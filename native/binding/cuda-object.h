// Decides the JavaScript face of graphics devices that CUDA drives.
#pragma once
#include <node_api.h>

namespace vivian {

/** cudaDevices({ library }): [{ name, capability, memoryBytes }, …]; nothing is opened. */
napi_value cudaDevices(napi_env env, napi_callback_info info);

/** openCudaDevice({ library, number, kernels: [{ capability, text }, …] }). */
napi_value openCudaDevice(napi_env env, napi_callback_info info);

}  // namespace vivian
