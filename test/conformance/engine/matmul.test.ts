import { conformanceOf } from "./cases.ts";

conformanceOf("matmul");
