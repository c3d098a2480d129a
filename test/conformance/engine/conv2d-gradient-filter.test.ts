import { conformanceOf } from "./cases.ts";

conformanceOf("conv2d-gradient-filter");
