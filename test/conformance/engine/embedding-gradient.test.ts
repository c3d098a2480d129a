import { conformanceOf } from "./cases.ts";

conformanceOf("embedding-gradient");
