import { conformanceOf } from "./cases.ts";

conformanceOf("log");
