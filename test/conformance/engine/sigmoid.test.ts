import { conformanceOf } from "./cases.ts";

conformanceOf("sigmoid");
