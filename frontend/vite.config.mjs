import { defineConfig } from "vite";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** Terms of what is bundled as a style or a font: the collector of Vite sees scripts only. */
const termsOfTheLook = {
  name: "terms-of-the-look",
  generateBundle() {
    const source = ["node_modules/@fontsource-variable/inter/LICENSE", "tabler-licence.txt"]
      .map((path) => readFileSync(here(path), "utf8").trim())
      .join("\n\n----\n\n");
    this.emitFile({ type: "asset", fileName: "licences-look.txt", source });
  },
};

export default defineConfig({
  plugins: [termsOfTheLook],
  // Relative addresses: the built files work under any STATIC_URL.
  base: "./",
  publicDir: false,
  build: {
    outDir: here("../src/torap/web/static/torap/dist"),
    emptyOutDir: true,
    manifest: "manifest.json",
    target: ["es2022", "chrome111", "firefox114", "safari16.4"],
    cssTarget: ["chrome111", "firefox114", "safari16.4"],
    assetsInlineLimit: 0,
    // The terms of everything bundled travel with it.
    license: { fileName: "licences.md" },
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1300,
    // htmx can evaluate code from attributes; that is switched off (src/requests.js), so its warning is noise.
    rollupOptions: {
      checks: { eval: false },
      input: { app: here("src/app.js") },
      output: {
        entryFileNames: "[name]-[hash].js",
        chunkFileNames: "[name]-[hash].js",
        // The map's worker is a module: some servers know .js but not .mjs.
        assetFileNames: ({ names }) =>
          (names?.[0] ?? "").endsWith(".mjs") ? "[name]-[hash].js" : "[name]-[hash][extname]",
      },
    },
  },
  css: { preprocessorOptions: { scss: { loadPaths: [here("node_modules")], quietDeps: true } } },
});
