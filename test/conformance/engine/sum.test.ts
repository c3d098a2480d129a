import { conformanceOf } from "./cases.ts";

conformanceOf("sum");
