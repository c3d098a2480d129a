/** The wrong inputs that a user or a machine can bring about, and the test that provokes each. */

import type { ProvokedInput } from "../../src-main/contract/errors-page.ts";

const row = (
  input: string,
  codes: readonly string[],
  test: string,
  fact: string,
): ProvokedInput => ({ input, codes, test, fact });

const DISKS = "test/integration/disks/full-disk.test.ts";
const DAEMON = "test/integration/processes/daemon.test.ts";
const PAGE = "test/integration/api/page-server.test.ts";
const ADDON = "test/integration/refusals/native-addon.test.ts";
const FOREIGN = "test/e2e/foreign-page.test.ts";
const SECOND_USER = "test/integration/accounts/second-user.test.ts";
const WALLET = "test/integration/wallet/wallet-files.test.ts";

export const PROVOKED_INPUTS: readonly ProvokedInput[] = [
  row(
    "Corrupt blob",
    ["BLOB_DAMAGED"],
    "test/integration/adapters/blobs/blob-files.test.ts",
    "refuses a damaged file and mends it when the bytes come again",
  ),
  row(
    "Truncated keystore",
    ["WALLET_KEYSTORE_FORM"],
    WALLET,
    "says which wallets there are, and that a cut one is damaged",
  ),
  row(
    "Wrong password, and the wait after it",
    ["WALLET_PASSWORD", "WALLET_PASSWORD_WAIT"],
    WALLET,
    "makes each wrong password wait twice as long, and forgets at the right one",
  ),
  row(
    "Unknown key in config.toml",
    ["PROCESSES_CONFIG_KEY"],
    DAEMON,
    "with a wrong key in config.toml is refused with the nearest known one",
  ),
  row(
    "Second daemon on one data folder",
    ["PROCESSES_DAEMON_RUNNING"],
    DAEMON,
    "is refused with a code while the first answers",
  ),
  row(
    "Second daemon that does not find the first",
    ["STORE_LOCKED"],
    DAEMON,
    "is refused by the lock where the first one's socket cannot be found",
  ),
  row(
    "Full disk, blob",
    ["BLOB_DISK_FULL"],
    DISKS,
    "keeps no half of a blob and every blob from before",
  ),
  row(
    "Full disk, ledger",
    ["STORE_DISK_FULL"],
    DISKS,
    "loses no commit that the ledger acknowledged, and goes on when there is space",
  ),
  row(
    "Full disk, first start of the daemon",
    ["PROCESSES_DISK_FULL"],
    DISKS,
    "is said to a daemon that cannot even make its folder",
  ),
  row(
    "Full disk, start of the daemon",
    ["STORE_DISK_FULL"],
    DISKS,
    "is one line of a daemon that cannot start, which starts when there is space",
  ),
  row(
    "Read-only folder, first start",
    ["PROCESSES_HOME"],
    DISKS,
    "is refused in one line by a daemon that was never there",
  ),
  row("Read-only folder, ledger", ["STORE_READ_ONLY"], DISKS, "keeps what the store held"),
  row(
    "Clock set back",
    [],
    "test/integration/node/ledger-node.test.ts",
    "goes on above its last time when the clock is set back, and says so once",
  ),
  row("Port taken", ["API_PORT_TAKEN"], PAGE, "that is taken is refused with a code"),
  row(
    "Socket path too long",
    [],
    "test/integration/api/socket-path.test.ts",
    "falls back to a shorter folder when the path would be too long",
  ),
  row(
    "Oversized RPC on the socket",
    ["API_MESSAGE_SIZE"],
    "test/integration/api/control-socket.test.ts",
    "refuses a message over 1 MiB, ends that connection and serves the next",
  ),
  row(
    "Wrong Host",
    ["API_HOST"],
    PAGE,
    "are refused with a foreign Host, so that a name pointed here reaches nothing",
  ),
  row("Wrong Origin", ["API_ORIGIN"], PAGE, "are refused with a foreign Origin on every address"),
  row("Expired code", ["API_CODE"], PAGE, "refuses a code after its minute and removes its file"),
  row(
    "Stale session",
    ["API_SESSION"],
    "test/integration/processes/open.test.ts",
    "leads into the real daemon, whose end ends the session",
  ),
  row(
    "Missing native addon",
    ["NATIVE_ENGINE_ABSENT"],
    ADDON,
    "that is missing is told with its code and what mends it; WebAssembly works",
  ),
  row(
    "Damaged native addon",
    ["NATIVE_ENGINE_BROKEN"],
    ADDON,
    "that is damaged is told with its code; WebAssembly works",
  ),
  row(
    "Damaged WebAssembly engine",
    ["WASM_ENGINE_BROKEN"],
    ADDON,
    "that is damaged is told with its code; the reference works",
  ),
  row(
    "No permission on a device node",
    ["MACHINE_NODE_CLOSED"],
    "test/integration/accounts/device-permission.test.ts",
    "is named with what mends it, in the devices and in the log, and work goes on",
  ),
  row(
    "Database cut under a running daemon",
    ["STORE_DAMAGED"],
    "test/integration/processes/ledger-check.test.ts",
    "says STORE_DAMAGED of a database whose end is gone; the daemon goes on",
  ),
  row("Guessed token", ["API_SESSION"], PAGE, "refuses a guessed, a missing and a misplaced token"),
  row(
    "Guessed code",
    ["API_CODE"],
    PAGE,
    "refuses guessed codes and lets the newest of too many count",
  ),
  row(
    "A page of a foreign origin",
    [],
    FOREIGN,
    "gets no answer from any address, even with a token that counts",
  ),
  row("A cross-site form", [], FOREIGN, "changes nothing with a form"),
  row(
    "A form's content type",
    ["API_CONTENT_TYPE"],
    PAGE,
    "cannot come from a form: only application/json is read",
  ),
  row(
    "A WebSocket from another page",
    [],
    FOREIGN,
    "opens no WebSocket, and the page's own address does",
  ),
  row(
    "A WebSocket with a guessed token",
    ["API_SESSION"],
    "test/integration/api/page-socket.test.ts",
    "ends with a code when its token is guessed or it says something else first",
  ),
  row(
    "A second user of the machine",
    [],
    SECOND_USER,
    "reaches neither socket nor key, blob, log or the file that opens the page",
  ),
  row(
    "A second user's commands",
    [],
    SECOND_USER,
    "has no command that reaches the first one's daemon",
  ),
];
