import { conformanceOf } from "./cases.ts";

conformanceOf("max-pool");
