/** Codes of the window: why none is shown, or why it shows no page. */
export const SHELL_CODES = {
  SHELL_PROGRAM:
    "The window does not find the program it belongs to, or has no room to copy it; free some " +
    "space, or install VIVIAN Miner again.",
  SHELL_START:
    "The daemon did not start for the window; read the reason that is named, or run " +
    "`vivian doctor`.",
  SHELL_DAEMON:
    "The daemon does not answer the window; choose “Start the work” in the menu to try again.",
  SHELL_DAEMON_ENDED:
    "The daemon has ended, so nothing is worked on now; choose “Start the work” in the menu, or " +
    "run `vivian up`.",
  SHELL_ANSWER:
    "The daemon said something the window does not understand; end it with `vivian stop` and " +
    "start it again, so that both are of one version.",
  SHELL_PAGE: "The page did not load in the window; choose “Reload” in the menu.",
  SHELL_ROOT:
    "No window is opened for the user root, for whom its sandbox does not work; use " +
    "`vivian open`, or another user.",
  SHELL_ELECTRON:
    "Electron's program is not here and could not be fetched, so there is no window; use " +
    "`vivian open`, or run `npx install-electron` to try again.",
  SHELL_WINDOW_ENDED:
    "The window ended by itself, and the work goes on; use `vivian open` for a browser.",
} as const;
