import js from "@eslint/js";
import a11y from "eslint-plugin-jsx-a11y";
import hooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

/** What pure code may not touch: the outside world comes in as arguments. */
const OUTSIDE = [
  "window",
  "document",
  "navigator",
  "location",
  "history",
  "localStorage",
  "sessionStorage",
  "fetch",
  "WebSocket",
  "setTimeout",
  "setInterval",
  "crypto",
];

export default tseslint.config(
  { ignores: ["dist", "node_modules", "*.config.js"] },
  js.configs.recommended,
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      "@typescript-eslint/consistent-type-imports": "error",
      eqeqeq: ["error", "always"],
      "no-restricted-properties": [
        "error",
        { property: "innerHTML", message: "The page's policy refuses markup from strings." },
        { property: "outerHTML", message: "The page's policy refuses markup from strings." },
      ],
    },
  },
  {
    files: ["src/**/*.tsx"],
    plugins: { ...a11y.flatConfigs.strict.plugins, "react-hooks": hooks },
    rules: {
      ...a11y.flatConfigs.strict.rules,
      "react-hooks/rules-of-hooks": "error",
      "react-hooks/exhaustive-deps": "error",
    },
    settings: { "jsx-a11y": { components: { Button: "button", Link: "a" } } },
  },
  {
    files: ["src/core/**/*.ts", "src/words/**/*.ts"],
    rules: {
      "no-restricted-imports": [
        "error",
        { patterns: ["@/io/*", "@/view/*", "**/io/*", "**/view/*", "preact", "preact/*", "@preact/*"] },
      ],
      "no-restricted-globals": ["error", ...OUTSIDE],
      "no-restricted-syntax": [
        "error",
        {
          selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']",
          message: "Pure code is told the time.",
        },
        {
          selector: "CallExpression[callee.object.name='Math'][callee.property.name='random']",
          message: "Pure code is told its randomness.",
        },
      ],
    },
  },
);
