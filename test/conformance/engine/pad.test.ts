import { conformanceOf } from "./cases.ts";

conformanceOf("pad");
