/** The face of the native engine adapter. */
export type { CudaDeviceFacts, CudaKernels, OpTime } from "./addon.ts";
export type { NativeSession } from "./addon-session.ts";
export { cudaDevices, openCudaBackend } from "./cuda-backend.ts";
export type { CudaBackend, CudaOptions } from "./cuda-backend.ts";
export { cudaKernels } from "./cuda-kernels.ts";
export { createNativeBackend, nativeBackends } from "./native-backend.ts";
export type { NativeBackend, NativeOptions, NativeProbe } from "./native-backend.ts";
export { checkCase, checkedOps } from "./check-cases.ts";
export type { CheckCase } from "./check-cases.ts";
export { differingElement, selfCheck, valueOf } from "./self-check.ts";
