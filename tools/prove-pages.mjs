// Opens the pages of a running demo in a real browser and checks our claims about them: filters, search, comparison, folds and
// moves work without scripts of ours and by keyboard; axe-core finds nothing serious in light mode, in dark mode and on a phone; every
// page is below 60 KB; pages send no request to another host. Writes the screenshots of docs/images.
//
//   npm install --prefix /tmp/prove playwright-core axe-core
//   cargo build && NODE_PATH=/tmp/prove/node_modules node tools/prove-pages.mjs [--screenshots]
//
// Needs Node 20 or later and Debian's chromium (CHROMIUM names another browser). REDRAFT names the program; the default is target/debug/redraft.
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const require = createRequire(join(process.env.NODE_PATH ?? "node_modules", "x"));
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const LISTEN = "127.0.0.1:18987";
const BASE = `http://${LISTEN}/`;
const SPEED = "4";
const EDITS = 4;
const MAX_WAIT_MS = 60_000;
const MAX_PAGE_BYTES = 60_000;
const WIDE = { width: 1200, height: 900 };
const PHONE = { width: 390, height: 844 };
const SERIOUS = ["serious", "critical"];

const hold = (what, holds, more = "") => {
  if (!holds) throw new Error(`${what} ${more}`);
  console.log(`ok: ${what}`);
};

// Waits until the demo has published enough edits, among them a removal of text and a move.
async function edits() {
  const until = Date.now() + MAX_WAIT_MS;
  while (Date.now() < until) {
    try {
      const found = await (await fetch(`${BASE}search.json`)).json();
      if (found.edits.length >= EDITS) return found.edits;
    } catch { /* It does not listen yet. */ }
    await new Promise((done) => setTimeout(done, 500));
  }
  throw new Error("the demo published too few edits");
}

async function accessible(page, what) {
  // Our Content-Security-Policy allows no scripts, so the browser itself injects axe.
  const results = await page.evaluate(`${axe}; axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] })`);
  const serious = results.violations.filter((violation) => SERIOUS.includes(violation.impact));
  const report = results.violations.map((v) => `${v.impact} ${v.id}: ${v.nodes.slice(0, 2).map((n) => n.html).join(" | ")}`).join("\n");
  hold(`axe finds nothing serious: ${what} (${results.violations.length} lesser)`, serious.length === 0, report);
  if (results.violations.length) console.log(report);
}

async function main(browser) {
  const found = await edits();
  const foreign = [];
  const open = async (options) => {
    const context = await browser.newContext({ viewport: WIDE, reducedMotion: "reduce", ...options });
    const page = await context.newPage();
    page.on("request", (request) => { if (!request.url().startsWith(BASE)) foreign.push(request.url()); });
    return page;
  };
  // An edit with removed and added words.
  const withText = found.filter((edit) => edit.content_html.includes("<h4>Paragraph") && edit.content_html.includes("<del>") && edit.content_html.includes("<ins>"));
  const { article } = withText[0]._redraft;
  const compared = new URL(withText[0].url).pathname.slice(1);
  const paths = ["", "search", "search?q=the", "?silent=1", "sources", "about", `articles/${article}`, compared, `articles/${article}/versions/1`, "nothing-here"];
  const source = (await (await fetch(`${BASE}sources.json`)).json()).sources[0].slug;
  paths.push(`sources/${source}`);

  for (const path of paths) {
    const answer = await fetch(BASE + path);
    const bytes = (await answer.arrayBuffer()).byteLength;
    hold(`below 60 KB: /${path} (${bytes} bytes)`, bytes < MAX_PAGE_BYTES);
  }
  for (const [what, options] of [["light", {}], ["dark", { colorScheme: "dark" }], ["phone", { viewport: PHONE, isMobile: true }], ["phone in German", { viewport: PHONE, isMobile: true, locale: "de-DE" }]]) {
    const page = await open(options);
    for (const path of paths) {
      await page.goto(BASE + path);
      await accessible(page, `/${path}, ${what}`);
      const [inner, outer] = await page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]");
      hold(`no sideways scrolling: /${path}, ${what}`, inner <= outer, `${inner} > ${outer}`);
      const heads = await page.$$eval("h1,h2,h3,h4", (all) => all.map((head) => Number(head.tagName[1])));
      hold(`headings in order: /${path}`, heads[0] === 1 && heads.every((level, at) => at === 0 || level <= heads[at - 1] + 1), String(heads));
    }
  }

  const page = await open({});
  await page.goto(BASE);
  await page.click("details.filter > summary");
  for (const width of [320, 390, 560, 700, 800, 1200]) {
    await page.setViewportSize({ width, height: 900 });
    const [from, to] = await page.evaluate("['from', 'to'].map((id) => document.getElementById(id).getBoundingClientRect().y)");
    hold(`both days are in one row: ${width} px`, from === to, `${from} ${to}`);
  }
  await page.setViewportSize(WIDE);
  await page.check("input[name=silent]");
  await page.selectOption("select[name=source]", source);
  await page.click("form[role=search] button");
  hold("filters give one clean address", page.url() === `${BASE}?source=${source}&silent=1`, page.url());
  const tags = await page.$$eval(".card", (cards) => cards.every((card) => card.querySelector(".silent")));
  hold("only silent edits are left", tags);

  const changed = await page.goto(BASE + compared).then(() => page.$$eval(".compare ins", (marks) => marks.map((mark) => mark.textContent)));
  const word = changed.join(" ").match(/\p{L}{4,}|\d[\d,]{2,}/u)[0];
  await page.goto(`${BASE}search`);
  await page.fill("input[name=q]", word);
  await page.press("input[name=q]", "Enter");
  hold(`an added word is found: ${word}`, (await page.$$(".card")).length > 0, page.url());
  const feed = await page.getAttribute("main p.meta a", "href");
  hold("the same search is a feed", (await (await fetch(feed)).text()).includes("<entry>"), feed);

  await page.goto(BASE + compared);
  const fold = await page.$("details.fold");
  if (fold) {
    await page.focus("details.fold > summary");
    await page.keyboard.press("Enter");
    hold("a fold opens by keyboard", await fold.evaluate((details) => details.open));
  }
  const sides = async () => page.evaluate(`(() => { const row = [...document.querySelectorAll('.row.changed')].find((row) => row.querySelector('.was') && row.querySelector('.now'));
    const [was, now] = ['.was', '.now'].map((side) => row.querySelector(side).getBoundingClientRect()); return [was.x, was.y, now.x, now.y]; })()`);
  const [wasX, wasY, nowX, nowY] = await sides();
  hold("wide: side by side", wasX < nowX && wasY === nowY, `${wasX},${wasY} ${nowX},${nowY}`);
  await page.setViewportSize(PHONE);
  const narrow = await sides();
  hold("narrow: one above the other", narrow[0] === narrow[2] && narrow[1] < narrow[3], String(narrow));
  await page.setViewportSize(WIDE);

  await page.goto(BASE);
  await page.keyboard.press("Tab");
  hold("the first key skips the navigation", (await page.evaluate("document.activeElement.className")) === "skip");
  await page.keyboard.press("Enter");
  hold("and lands on the text", page.url().endsWith("#main"));
  hold("no request to another host", foreign.length === 0, foreign.join(" "));

  if (process.argv.includes("--screenshots")) {
    const picture = async (name, path, options, prepare = async () => {}) => {
      const page = await open(options);
      await page.goto(BASE + path);
      await prepare(page);
      await page.screenshot({ path: `docs/images/${name}.png` });
    };
    await picture("latest-edits", "", {});
    await picture("comparison", compared, {});
    await picture("comparison-dark", compared, { colorScheme: "dark" });
    await picture("article", `articles/${article}`, {});
    await picture("search", `search?q=${encodeURIComponent(word)}`, {});
    await picture("phone", compared, { viewport: PHONE, isMobile: true });
  }
}

const demo = spawn(process.env.REDRAFT ?? "target/debug/redraft", ["demo", "--listen", LISTEN, "--speed", SPEED], { stdio: "ignore" });
try {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
  try { await main(browser); } finally { await browser.close(); }
} finally {
  demo.kill();
}
console.log("All checks passed.");
