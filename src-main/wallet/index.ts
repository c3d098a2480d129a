/** What the composition uses of the wallet: the keys of this machine, and its owner's wallets. */

export { demandFounders, openDevelopmentKeys } from "./development-keys.ts";
export type {
  AccountKey,
  DevelopmentKeys,
  EdwardsKey,
  KeyName,
  KeyNeeds,
  OpenedKeys,
} from "./development-keys.ts";
export { readGivenText } from "./given-secret.ts";
export { makeWorkerKey } from "./worker-key.ts";
export { readKeyFile } from "./key-file.ts";
export { checkKeystore, checkNewPassword, openKeystore, sealKeystore } from "./keystore.ts";
export { statedAddress } from "./keystore.ts";
export {
  KEYSTORE_BYTES_MAX,
  OPENING_MS_MAX,
  OPENINGS_WAITING_MAX,
  PASSWORD_CHARACTERS_MAX,
  PREVIEW_LIFE_MS,
  PREVIEWS_MAX,
} from "./limits.ts";
export { keyOfPhrase, makePhrase, parsePhrase } from "./phrase.ts";
export type { PhraseLength } from "./phrase.ts";
export { openForeignKeystore } from "./wallet-files.ts";
export { checkNewWallet, listWallets, openWallet, readWallet } from "./wallet-files.ts";
export { storeWallet, walletFile, walletWaitMs, writeExport } from "./wallet-files.ts";
export type { ListedWallet, OpensKeystore, StoredWallet } from "./wallet-files.ts";
export {
  encryptionKeyOf,
  openContent,
  sealContent,
  unwrapSubjectKey,
  wrapSubjectKey,
} from "./private-content.ts";
export type { EncryptionKey, SubjectEpoch } from "./private-content.ts";
export {
  addSubjectKey,
  createSubject,
  eraseSubject,
  listSubjects,
  subjectKey,
} from "./subject-keys.ts";
export type { FreshBytes, KnownSubject, SubjectOwner } from "./subject-keys.ts";
