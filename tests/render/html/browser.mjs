// What a real browser makes of pages: usage: node browser.mjs MODULES CHROMIUM PAGE…, the answer is JSON.
import fs from "node:fs";
import { pathToFileURL } from "node:url";

const [, , modules, chromium, ...pages] = process.argv;
const { default: puppeteer } = await import(
  pathToFileURL(`${modules}/puppeteer-core/lib/esm/puppeteer/puppeteer-core.js`)
);
const axe = fs.readFileSync(`${modules}/axe-core/axe.min.js`, "utf8");
const browser = await puppeteer.launch({
  executablePath: chromium,
  args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"],
});

async function open(width, scheme, bypass, address) {
  const tab = await browser.newPage();
  const seen = { requests: [], hits: [], dialogs: 0 };
  tab.on("requestfinished", (request) => seen.requests.push(request.url()));
  tab.on("dialog", (dialog) => { seen.dialogs += 1; dialog.dismiss(); });
  await tab.exposeFunction("hit", (what) => seen.hits.push(String(what)));
  await tab.setBypassCSP(bypass);
  await tab.setViewport({ width, height: 900 });
  await tab.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
  await tab.goto(address);
  return [tab, seen];
}

async function judged(page) {
  const url = pathToFileURL(page).href;
  const views = [];
  for (const width of [1280, 390]) {
    for (const scheme of ["light", "dark"]) {
      const [tab, seen] = await open(width, scheme, true, url); // without the policy: escaping alone has to hold
      await tab.evaluate(() => document.querySelectorAll("*").forEach((each) => each.dispatchEvent(new Event("mouseover"))));
      await tab.evaluate(() => document.querySelectorAll("details").forEach((each) => (each.open = true)));
      await tab.evaluate(axe);
      const found = await tab.evaluate(() => axe.run(document));
      views.push({
        width, scheme, ...seen,
        violations: found.violations.map((each) => `${each.id}: ${each.nodes[0].html}`),
        passes: found.passes.length,
        wider: await tab.evaluate(() => document.documentElement.scrollWidth - window.innerWidth),
        ground: await tab.evaluate(() => getComputedStyle(document.body).backgroundColor),
      });
      await tab.close();
    }
  }

  const [paper] = await open(800, "dark", true, url);
  await paper.emulateMediaType("print");
  const print = await paper.evaluate(() => ({
    table: document.querySelector("table").getBoundingClientRect().height,
    ground: getComputedStyle(document.body).backgroundColor,
  }));

  // with the policy: what is planted as real markup does nothing
  const planted = `${page}.planted.html`;
  const markup = "<script>hit('script')</script><img src=x onerror=\"hit('onerror')\"><p style='color: rgb(1, 2, 3)' id=own>x</p>";
  fs.writeFileSync(planted, fs.readFileSync(page, "utf8").replace("<main>", `<main>${markup}`));
  const [tab, seen] = await open(1280, "light", false, pathToFileURL(planted).href);
  const guarded = {
    ...seen,
    styled: (await tab.evaluate(() => getComputedStyle(document.querySelector("article")).borderLeftWidth)) !== "0px",
    own: await tab.evaluate(() => getComputedStyle(document.getElementById("own")).color),
  };
  return { views, print, guarded };
}

const answers = [];
for (const page of pages) answers.push(await judged(page));
await browser.close();
console.log(JSON.stringify(answers));
