import { conformanceOf } from "./cases.ts";

conformanceOf("sub");
