import { conformanceOf } from "./cases.ts";

conformanceOf("one-hot");
