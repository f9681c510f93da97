import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

import preact from "@preact/preset-vite";
import { defineConfig } from "vitest/config";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** Where `npm run dev` finds the running server: its own port is the page's in production. */
const server = process.env["ALONGSIDE_SERVER"] ?? "http://127.0.0.1:8080";

/** What blur fetches, for its bar. */
const segmentation = "./node_modules/@mediapipe/selfie_segmentation/selfie_segmentation";
const blurBytes = [".js", ".binarypb", "_landscape.tflite", "_solution_simd_wasm_bin.js", "_solution_simd_wasm_bin.wasm"]
  .map((end) => statSync(here(segmentation + end)).size)
  .reduce((sum, size) => sum + size, 0);

/** Large files are packed here once, so that no server does it at each start. */
const packed = {
  name: "packed",
  apply: "build",
  writeBundle({ dir }) {
    for (const name of readdirSync(`${dir}/assets`).filter((each) => /\.(?:wasm|tflite)$/u.test(each))) {
      writeFileSync(`${dir}/assets/${name}.gz`, gzipSync(readFileSync(`${dir}/assets/${name}`), { level: 9 }));
    }
  },
};

export default defineConfig({
  plugins: [preact({ reactAliasesEnabled: false, devToolsEnabled: false }), packed],
  define: { __BLUR_BYTES__: String(blurBytes) },
  resolve: {
    alias: { "@": here("./src") },
    // Tests live beside the Python ones, outside this folder: their imports resolve from here.
    dedupe: ["preact", "@preact/signals", "@msgpack/msgpack"],
  },
  build: {
    target: "es2022",
    modulePreload: { polyfill: false },
    // Everything by its own address: the policy of the page allows no data: scripts or styles.
    assetsInlineLimit: 0,
    reportCompressedSize: true,
  },
  server: {
    // The tests that want a document are served like a page.
    fs: { allow: [".."] },
    proxy: { "/api": server, "/probe": server, "/ws": { target: server, ws: true } },
  },
  test: {
    globals: true,
    include: ["../tests/web_client/**/*.test.{ts,tsx}"],
    environment: "node",
    server: { deps: { inline: [/preact/] } },
  },
});
