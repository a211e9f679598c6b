// Bundles styles, fonts and scripts into static/dist. Names carry no hash: Django's manifest storage adds one.
import { copyFile, mkdir, readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const outdir = join(root, "static", "dist");

// The theme "auto" follows the device without any script: every dark rule is said once more inside a media query.
const DARK = /\[data-bs-theme=["']?dark["']?\]/g;
function repeatDarkRules(css) {
  const plain = css.replace(/\/\*[\s\S]*?\*\//g, "");
  const repeated = [];
  for (const [, selector, body] of plain.matchAll(/([^{}]+)\{([^{}]*)\}/g)) {
    if (!selector.match(DARK)) continue;
    const dark = selector.split(/,(?![^()]*\))/).filter((part) => part.match(DARK));
    repeated.push(`${dark.map((part) => part.trim().replace(DARK, '[data-bs-theme="auto"]')).join(",")}{${body}}`);
  }
  return repeated.length ? `${css}\n@media (prefers-color-scheme: dark){${repeated.join("\n")}}\n` : css;
}

const autoTheme = {
  name: "auto-theme",
  setup(build) {
    build.onLoad({ filter: /\.css$/ }, async ({ path }) => ({
      contents: repeatDarkRules(await readFile(path, "utf8")),
      loader: "css",
      resolveDir: dirname(path),
    }));
  },
};

await rm(outdir, { recursive: true, force: true });
await esbuild.build({
  absWorkingDir: root,
  entryPoints: {
    app: "frontend/js/app.js",
    charts: "frontend/js/charts.js",
    field: "frontend/js/field/field.js",
    select: "frontend/js/select.js",
    styles: "frontend/css/main.css",
    sw: "frontend/js/sw.js",
  },
  outdir,
  bundle: true,
  minify: true,
  format: "esm",
  target: ["es2022", "chrome109", "safari16"],
  assetNames: "fonts/[name]",
  loader: { ".woff2": "file", ".woff": "empty", ".svg": "dataurl" },
  legalComments: "eof",
  logLevel: "info",
  plugins: [autoTheme],
});

// Fonts of printed papers: beside the bundle, not in it, for nobody fetches them. One family has Latin and Chinese in step.
const printed = join(root, "build", "fonts");
await mkdir(printed, { recursive: true });
for (const weight of ["400Regular", "700Bold"]) {
  const name = `NotoSansSC_${weight}.ttf`;
  await copyFile(join(root, "node_modules/@expo-google-fonts/noto-sans-sc", weight, name), join(printed, name));
}
