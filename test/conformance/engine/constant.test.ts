import { conformanceOf } from "./cases.ts";

conformanceOf("constant");
