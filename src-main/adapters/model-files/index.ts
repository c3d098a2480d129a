/** The face of the model files adapter. */
export { exportModel, importModel, isFolder, isLayersModel, readJson } from "./layers-model.ts";
export {
  isFetchedFolder,
  readOwnModel,
  trainedStates,
  weightsPathOf,
  writeOwnModel,
} from "./own-model.ts";
export type { OwnModel } from "./own-model.ts";
