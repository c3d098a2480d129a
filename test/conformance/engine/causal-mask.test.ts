import { conformanceOf } from "./cases.ts";

conformanceOf("causal-mask");
