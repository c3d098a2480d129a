import { conformanceOf } from "./cases.ts";

conformanceOf("transpose");
