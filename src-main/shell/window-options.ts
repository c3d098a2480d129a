/** Decides how the window is made: as a browser without any of Node's or Electron's powers. */

/** Not named "persist:…", so nothing of the page (its session above all) is written to a disk. */
export const PARTITION = "vivian-page";

/** The ground of the dark theme, so that the first moment is not a white flash. */
const GROUND = "#0f1216";

/** Below 700 px the page has no form; the height holds the state sentence and one tile. */
const LEAST = { width: 700, height: 480 };

/**
 * The options of the window.
 * @param options.inspectable  true in a developer's tree, where the page's tools help
 */
export function windowOptions({ icon, inspectable }: { icon: string; inspectable: boolean }) {
  return {
    title: "VIVIAN Miner",
    width: 1_280,
    height: 800,
    minWidth: LEAST.width,
    minHeight: LEAST.height,
    show: false,
    backgroundColor: GROUND,
    icon,
    webPreferences: {
      partition: PARTITION,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      safeDialogs: true,
      // A dictionary would be fetched from elsewhere.
      spellcheck: false,
      plugins: false,
      devTools: inspectable,
    },
  };
}
