import { conformanceOf } from "./cases.ts";

conformanceOf("sqrt");
