import { conformanceOf } from "./cases.ts";

conformanceOf("dropout-mask");
