import { conformanceOf } from "./cases.ts";

conformanceOf("slice");
