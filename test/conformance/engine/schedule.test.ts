import { conformanceOf } from "./cases.ts";

conformanceOf("schedule");
