import { conformanceOf } from "./cases.ts";

conformanceOf("range");
