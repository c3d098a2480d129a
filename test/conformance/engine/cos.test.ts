import { conformanceOf } from "./cases.ts";

conformanceOf("cos");
