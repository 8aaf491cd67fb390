/**
 * Builds static/dist: style sheets, scripts, and only those fonts and pictures that they use.
 *
 * Run with `npm run build`. Prints the weight of each file as a browser receives it, and fails when a
 * public page would weigh more than agreed.
 */
import { createRequire } from "node:module";
import { copyFileSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync } from "node:zlib";
import * as sass from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const source = join(here, "src");
const result = join(here, "dist");
// Built aside and then moved at once: a server or a test that runs meanwhile never misses a file.
const target = join(here, "..", "node_modules", ".techforce-dist");
// The package's main file is dist/js/uswds.min.js; its own description is not exported.
const uswds = join(dirname(createRequire(import.meta.url).resolve("@uswds/uswds")), "..", "..");

/** The most that a public page may load, in bytes after brotli. */
const BUDGET = { "css/site.css": 20_000, "js/site.js": 6_000 };

/** Pictograms for the sprite, by their names in the design system. */
const ICONS = [
  "arrow_back",
  "arrow_forward",
  "check",
  "check_circle",
  "close",
  "error",
  "event",
  "expand_more",
  "file_download",
  "info",
  "lock",
  "mail",
  "menu",
  "person",
  "schedule",
  "search",
  "warning",
];

function write(name, content) {
  const path = join(target, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

/** Compiles one style sheet and copies every file that its rules point to. */
function buildStyle(name) {
  const { css } = sass.compile(join(source, "theme", `${name}.scss`), {
    style: "compressed",
    loadPaths: [join(uswds, "packages")],
    quietDeps: true,
  });
  write(`css/${name}.css`, css);
  for (const [, path] of css.matchAll(/url\(["']?\.\.\/([^"')]+)["']?\)/g)) {
    const copy = join(target, path);
    mkdirSync(dirname(copy), { recursive: true });
    copyFileSync(join(uswds, "dist", path), copy);
  }
}

/** Joins the scripts of a folder, in order of their names, each with a scope of its own. */
function buildScript(name) {
  const folder = join(source, "js", name);
  const parts = readdirSync(folder)
    .filter((file) => file.endsWith(".js"))
    .sort()
    .map((file) => `{\n${readFileSync(join(folder, file), "utf8")}}\n`);
  write(`js/${name}.js`, `"use strict";\n${parts.join("")}`);
}

/** Makes one file of all pictograms, so that a page asks for one. */
function buildSprite() {
  const symbols = ICONS.map((icon) => {
    const svg = readFileSync(join(uswds, "dist", "img", "usa-icons", `${icon}.svg`), "utf8");
    const [, body] = svg.match(/<svg[^>]*>(.*)<\/svg>/s);
    return `<symbol id="${icon}" viewBox="0 0 24 24">${body}</symbol>`;
  });
  write("img/icons.svg", `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`);
}

function copyPictures() {
  for (const file of readdirSync(join(source, "img"))) {
    copyFileSync(join(source, "img", file), join(target, "img", basename(file)));
  }
  copyFileSync(join(uswds, "dist", "img", "us_flag_small.png"), join(target, "img", "us_flag_small.png"));
}

/** Says what each file weighs; returns the names of those over their budget. */
function weigh() {
  const names = ["css/site.css", "css/admin.css", "js/site.js", "js/admin.js"];
  return names.filter((name) => {
    const bytes = brotliCompressSync(readFileSync(join(target, name))).length;
    const limit = BUDGET[name] ?? Infinity;
    console.log(`${name.padEnd(16)} ${String(bytes).padStart(6)} bytes${bytes > limit ? " (over budget)" : ""}`);
    return bytes > limit;
  });
}

rmSync(target, { recursive: true, force: true });
["site", "admin"].forEach(buildStyle);
["site", "admin"].forEach(buildScript);
buildSprite();
copyPictures();
if (weigh().length) process.exitCode = 1;
rmSync(result, { recursive: true, force: true });
renameSync(target, result);
