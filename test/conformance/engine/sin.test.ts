import { conformanceOf } from "./cases.ts";

conformanceOf("sin");
