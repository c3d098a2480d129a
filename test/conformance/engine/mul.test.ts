import { conformanceOf } from "./cases.ts";

conformanceOf("mul");
