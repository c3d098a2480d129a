import { conformanceOf } from "./cases.ts";

conformanceOf("tanh");
