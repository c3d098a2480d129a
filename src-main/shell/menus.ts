/**
 * Decides what the menus hold. Leaving the window and stopping the work are two actions with two
 * names (ARCHITECTURE.md section 2); nothing in the menus leads to another page.
 */

import type { MenuLine } from "./electron-parts.ts";
import { isRunning, workWord } from "./work-words.ts";
import type { WorkState } from "./work-words.ts";

/** What the lines do. */
export interface MenuActions {
  readonly open: () => void;
  readonly reload: () => void;
  readonly startWork: () => void;
  readonly stopWork: () => void;
  readonly stopWorkAndQuit: () => void;
  readonly quitWindow: () => void;
}

/** The menu of the window. */
export function windowMenu(state: WorkState, actions: MenuActions): MenuLine[] {
  return [
    {
      label: "VIVIAN Miner",
      submenu: [
        { label: "Reload", accelerator: "CommandOrControl+R", click: actions.reload },
        { type: "separator" },
        ...workLines(state, actions),
        { type: "separator" },
        {
          label: "Quit window (the work goes on)",
          accelerator: "CommandOrControl+Q",
          click: actions.quitWindow,
        },
      ],
    },
    {
      // macOS copies and pastes by the menu alone.
      label: "Edit",
      submenu: [{ role: "copy" }, { role: "paste" }, { role: "selectAll" }],
    },
  ];
}

/** The menu of the tray: the state first, as a line that does nothing. */
export function trayMenu(state: WorkState, actions: MenuActions): MenuLine[] {
  return [
    { label: workWord(state), enabled: false },
    { type: "separator" },
    { label: "Open", click: actions.open },
    { label: "Quit window (the work goes on)", click: actions.quitWindow },
    {
      label: "Stop the work and quit",
      enabled: isRunning(state),
      click: actions.stopWorkAndQuit,
    },
  ];
}

function workLines(state: WorkState, actions: MenuActions): MenuLine[] {
  return [
    { label: "Start the work", enabled: state === "stopped", click: actions.startWork },
    { label: "Stop the work", enabled: isRunning(state), click: actions.stopWork },
  ];
}
