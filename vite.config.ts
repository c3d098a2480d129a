/** Decides how the page is built: src-renderer into assets/, one script, one style, local fonts. */
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";

export default defineConfig({
  root: "src-renderer",
  base: "./",
  plugins: [svelte()],
  build: {
    outDir: "../assets",
    emptyOutDir: true,
    assetsDir: "",
    target: "es2023",
    // A font or picture inside the style would be a data: address, which the page's policy refuses.
    assetsInlineLimit: 0,
    modulePreload: false,
    chunkSizeWarningLimit: 1_000,
  },
});
