import { conformanceOf } from "./cases.ts";

conformanceOf("mean");
