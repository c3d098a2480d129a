import { conformanceOf } from "./cases.ts";

conformanceOf("relu-gradient");
