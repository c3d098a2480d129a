import { conformanceOf } from "./cases.ts";

conformanceOf("reshape");
