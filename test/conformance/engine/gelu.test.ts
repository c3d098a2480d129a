import { conformanceOf } from "./cases.ts";

conformanceOf("gelu");
