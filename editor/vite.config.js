// How the editor is built: one module and its styles, hashed, without source maps, without the workers for pictures and films.
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const nothing = fileURLToPath(new URL("src/nothing.js", import.meta.url));

export default defineConfig({
  base: "./",
  logLevel: "warn",
  resolve: {
    alias: [
      // 13 MB of WebAssembly: pictures are made smaller by the server.
      { find: /^@wordpress\/(vips|video-conversion)(\/.*)?$/, replacement: nothing },
    ],
  },
  define: {
    "globalThis.IS_GUTENBERG_PLUGIN": "false",
    "globalThis.IS_WORDPRESS_CORE": "false",
    "globalThis.SCRIPT_DEBUG": "false",
    "process.env.IS_GUTENBERG_PLUGIN": "false",
  },
  build: {
    outDir: "dist",
    emptyOutDir: true,
    sourcemap: false,
    manifest: "manifest.json",
    chunkSizeWarningLimit: 10_000,
    rollupOptions: {
      input: ["src/main.js", "src/canvas.js"],
      // Directives for servers that draw with React mean nothing in a browser.
      onwarn: (warning, warn) => warning.code === "MODULE_LEVEL_DIRECTIVE" || warn(warning),
    },
  },
});
