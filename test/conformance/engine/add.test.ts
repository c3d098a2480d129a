import { conformanceOf } from "./cases.ts";

conformanceOf("add");
