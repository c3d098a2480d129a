import { conformanceOf } from "./cases.ts";

conformanceOf("div");
