import { conformanceOf } from "./cases.ts";

conformanceOf("load");
