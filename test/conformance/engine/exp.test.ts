import { conformanceOf } from "./cases.ts";

conformanceOf("exp");
