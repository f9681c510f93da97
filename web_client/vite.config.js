import { fileURLToPath } from "node:url";

import preact from "@preact/preset-vite";
import { defineConfig } from "vitest/config";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** Where `npm run dev` finds the running server: its own port is the page's in production. */
const server = process.env["ALONGSIDE_SERVER"] ?? "http://127.0.0.1:8080";

export default defineConfig({
  plugins: [preact({ reactAliasesEnabled: false, devToolsEnabled: false })],
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
    proxy: { "/api": server, "/ws": { target: server, ws: true } },
  },
  test: {
    globals: true,
    include: ["../tests/web_client/**/*.test.{ts,tsx}"],
    environment: "node",
    server: { deps: { inline: [/preact/] } },
  },
});
