import { conformanceOf } from "./cases.ts";

conformanceOf("erf");
