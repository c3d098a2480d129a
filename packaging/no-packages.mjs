/**
 * Decides that the packager neither compiles nor collects packages: the window needs none, and what
 * the daemon needs lies in `vivian/` already. Without this the packager would find the tree's own
 * `node_modules/` and put all of it into the archive a second time.
 */

/** The packager's hook; `false` means that packages are somebody else's matter. */
export function beforeBuild() {
  return false;
}
