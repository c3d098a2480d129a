import { conformanceOf } from "./cases.ts";

conformanceOf("bias");
