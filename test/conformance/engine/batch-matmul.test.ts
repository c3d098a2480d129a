import { conformanceOf } from "./cases.ts";

conformanceOf("batch-matmul");
