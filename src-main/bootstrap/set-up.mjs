/**
 * Decides the order of set-up: a fitting Node, the packages, the native engine, the data set, the
 * page. When all of it is fresh this costs a handful of file look-ups and takes no lock.
 */
import { constants } from "node:os";
import { endRunningCommand } from "./command.mjs";
import { buildAddon, forgetFailedAddon, freshAddon } from "./addon.mjs";
import { dataSetFresh, packDataSet } from "./data-set.mjs";
import { dependenciesFresh, installDependencies } from "./dependencies.mjs";
import { fetchFittingNode, presentFittingNode } from "./fitting-node.mjs";
import { say } from "./journal.mjs";
import { releaseLock, withLock } from "./lock.mjs";
import { buildPage, forgetFailedPage, pageFresh } from "./page.mjs";
import { SetupFailure, failureFrom } from "./setup-failure.mjs";
import { watchStopSignals } from "./stop-signals.mjs";

/** @typedef {import("./fitting-node.mjs").FittingNode} FittingNode */
/** @typedef {import("./addon.mjs").Addon} Addon */

/**
 * What the programs run with.
 * @typedef {object} Ready
 * @property {FittingNode} node
 * @property {Addon} addon
 */

/** How far to go: `tools` is enough for types, lint and rules; `all` is what programs need. */
/** @typedef {"tools" | "all"} Extent */

/**
 * Brings the tree up to date and says what the programs run with.
 * @param {Extent} extent
 * @param {{ again?: boolean }} [wish]   again: try once more what failed before
 * @returns {Promise<Ready>}
 */
export async function setUp(extent, wish = {}) {
  const node = presentFittingNode();
  if (wish.again === true && node !== undefined) forgetFailedAddon(node);
  if (wish.again === true) forgetFailedPage();
  const fresh = freshState(extent);
  if (fresh !== undefined) return fresh;
  const watch = watchForStop();
  try {
    return await withLock(() => runStaleSteps(extent));
  } catch (error) {
    if (error instanceof SetupFailure) throw error;
    const message = error instanceof Error ? error.message : String(error);
    throw failureFrom("set up", message, { code: "SETUP_INTERNAL", message });
  } finally {
    watch.end();
  }
}

/** @param {Extent} extent @returns {Ready | undefined} */
function freshState(extent) {
  try {
    const node = presentFittingNode();
    if (node === undefined || !dependenciesFresh()) return undefined;
    if (extent === "tools") return { node, addon: { absent: "not asked for" } };
    const addon = freshAddon(node);
    return addon !== undefined && dataSetFresh() && pageFresh() ? { node, addon } : undefined;
  } catch {
    // An unreadable tree: the steps themselves meet the cause and name it.
    return undefined;
  }
}

/** @param {Extent} extent @returns {Promise<Ready>} */
async function runStaleSteps(extent) {
  const node = presentFittingNode() ?? (await fetchFittingNode());
  if (!dependenciesFresh()) await installDependencies();
  if (extent === "tools") return { node, addon: { absent: "not asked for" } };
  const addon = freshAddon(node) ?? (await buildAddon(node));
  if (!dataSetFresh()) await packDataSet(node);
  if (!pageFresh()) await buildPage(node);
  return { node, addon };
}

/** Ctrl-C during set-up: ends what runs, gives the lock back, says one line. */
function watchForStop() {
  let stopping = false;
  return watchStopSignals((signal) => {
    if (stopping) return;
    stopping = true;
    void endRunningCommand().then(() => {
      releaseLock();
      say("set-up: stopped; the next run goes on from here");
      process.exit(128 + constants.signals[signal]);
    });
  });
}
