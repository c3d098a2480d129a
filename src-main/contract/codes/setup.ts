/**
 * Decides the codes of set-up (`src-main/bootstrap/`), which says them before anything else runs.
 */
export const SETUP_CODES = {
  SETUP_NODE_OLD: "This Node is too old to begin with; install Node 20 or newer.",
  SETUP_NODE_MISSING:
    "No fitting Node can be fetched for this machine; install Node 24.15 or newer.",
  SETUP_NODE: "The fetched Node does not run here; install Node 24.15 or newer yourself.",
  SETUP_NPM_MISSING: "There is no npm beside Node or on PATH; install Node with npm.",
  SETUP_NPM: "npm refused to install; mend the reason in the line; build/setup.log has more.",
  SETUP_NETWORK: "The npm registry does not answer; check the network or npm's proxy settings.",
  SETUP_DISK_FULL: "A disk is full; free about 1 GB where the line says and run the command again.",
  SETUP_NOT_WRITABLE: "A folder may not be written; make it writable for this user.",
  SETUP_NO_COMPILER: "The native engine needs a C++ compiler, make and Python 3; install them.",
  SETUP_ADDON: "The native engine does not compile here; build/setup.log has the compiler's words.",
  SETUP_DATA: "The digits could not be packed; build/setup.log says why.",
  SETUP_PAGE: "The page does not build here; use the vivian command, build/setup.log says why.",
  SETUP_INTERNAL: "Set-up met something it does not know; build/setup.log has the details.",
} as const;
