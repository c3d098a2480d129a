/** Decides how the page is opened and how the API describes itself. */

import { openRpcDocument } from "../../contract/control-api/index.ts";
import { accept } from "../../contract/outcome.ts";
import type { Handlers } from "../handlers.ts";
import type { PageDoor } from "../page/page-door.ts";

/** Methods of the page's door, and the schema. */
export type PageMethods = "page.open" | "rpc.discover";

/** Handlers of these methods. */
export function pageHandlers(door: PageDoor): Pick<Handlers, PageMethods> {
  return {
    "page.open": async ({ level }) => accept(await Promise.resolve(door.open(level))),
    "rpc.discover": () => {
      const { methods, ...rest } = openRpcDocument();
      return Promise.resolve(accept({ ...rest, methods: [...methods] }));
    },
  };
}
