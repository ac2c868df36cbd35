// How the editor is built: one module and its styles, hashed, without source maps, without the workers for pictures and films.
//
// `build.mjs` gives each entry a build of its own: what two entries share would become a file of its own, loaded after the
// others, and rules of the components would then win over those of the editor that are meant to change them.
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const nothing = fileURLToPath(new URL("src/nothing.js", import.meta.url));
const USUAL = "#3858e9";
const OURS = "#005a6e";

/** The packages compute all shades of their controls from one colour, which they know by WordPress's schemes only. */
function colour() {
  return {
    name: "guidepost-colour",
    transform(code, id) {
      if (!id.includes("/admin-ui/build-module/admin-theme-colors/")) return null;
      if (!code.includes(USUAL)) throw new Error(`${id} no longer says ${USUAL}: look up where the colour of controls comes from`);
      return { code: code.replaceAll(USUAL, OURS), map: null };
    },
  };
}

/**
 * This package hands its component out within an object, and is written for tools that take it out of there, which this one does not
 * when a module of the new kind asks. The editor would break when somebody edits as HTML, and at each opening after that.
 */
function textarea() {
  return {
    name: "guidepost-textarea",
    transform(code, id) {
      if (!id.endsWith("/react-autosize-textarea/lib/index.js")) return null;
      return { code: `${code}\nmodule.exports = exports["default"];\n`, map: null };
    },
  };
}

export default defineConfig({
  base: "./",
  logLevel: "warn",
  plugins: [colour(), textarea()],
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
      input: ["src/main.js"],
      // Directives for servers that draw with React mean nothing in a browser.
      onwarn: (warning, warn) => warning.code === "MODULE_LEVEL_DIRECTIVE" || warn(warning),
    },
  },
});
