// Every report in every language, at the width of a phone and of a desk, in light and in dark: what a person sees,
// reads with a screen reader, reaches with a keyboard and prints.
//
//     node pages.mjs NODE_MODULES FOLDER     reads FOLDER/reports/CASE.LANGUAGE.html

import { readdirSync, readFileSync, mkdirSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import * as inPage from "./in_page.mjs";

const [modules, folder] = process.argv.slice(2);
const load = createRequire(join(modules, "x.js"));
const { chromium } = load("playwright-core");
const axe = readFileSync(load.resolve("axe-core/axe.min.js"), "utf8");

const WIDTHS = [{ width: 390, height: 844 }, { width: 1280, height: 800 }];
const SCHEMES = ["light", "dark"];
// December 2014 is seen in all four looks, the others in two, so that each width and each scheme is there.
const looks = (name) => WIDTHS.flatMap((viewport, wide) => SCHEMES.map((scheme, dark) => ({ viewport, scheme, both: wide === dark })))
    .filter((one) => one.both || name.startsWith("december"));
let passed = 0, failed = 0;

function check(name, wrong) {
    const holds = wrong.length === 0;
    holds ? passed++ : failed++;
    if (!holds) console.log(`FAIL  ${name}: ${wrong.slice(0, 8).join("; ")}`);
}

// A page that notes all that a quiet, lonely page does not do.
async function open(browser, file, viewport, colorScheme) {
    const context = await browser.newContext({ viewport, colorScheme, locale: "de-DE", timezoneId: "Asia/Kathmandu" });
    const page = await context.newPage();
    const address = pathToFileURL(file).href;
    const said = [], asked = [];
    page.on("console", (message) => said.push(`${message.type()}: ${message.text()}`));
    page.on("pageerror", (error) => said.push(String(error)));
    page.on("request", (request) => request.url() === address || asked.push(request.url()));
    await page.goto(address, { waitUntil: "load" });
    return { page, context, said, asked };
}

// axe comes in through the debugger, which the page's own policy does not bind.
async function axeFindings(page) {
    await page.evaluate(axe);
    const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
    return found.violations.filter((one) => ["serious", "critical"].includes(one.impact))
        .map((one) => `${one.id} (${one.nodes.length}): ${one.nodes[0].target} ${one.nodes[0].failureSummary}`.replace(/\s+/g, " "));
}

// Tab from the top to the end; what was reached, and whether one sees where one is.
async function keyboardFindings(page) {
    const wanted = await page.evaluate(inPage.controls);
    const wrong = [], reached = new Set();
    await page.evaluate(() => document.activeElement.blur());
    for (let step = 0; step < wanted + 2; step++) {
        await page.keyboard.press("Tab");
        const now = await page.evaluate(inPage.focused);
        if (!now) break;
        reached.add(now.number);
        if (!now.visible) wrong.push(`focus on ${now.what} cannot be seen`);
        if (now.folds) wrong.push(...await foldFindings(page, now));
    }
    if (reached.size !== wanted) wrong.push(`${reached.size} of ${wanted} controls reached`);
    if (wanted === 0) wrong.push("no controls at all");
    return wrong;
}

async function foldFindings(page, before) {
    await page.keyboard.press("Enter");
    const after = await page.evaluate(inPage.focused);
    await page.keyboard.press("Enter");
    return after.open === before.open ? [`${before.what} does not open by keyboard`] : [];
}

async function look(browser, file, name) {
    const language = name.split(".").at(-1);
    for (const { viewport, scheme } of looks(name)) {
        const title = `${name} ${viewport.width} ${scheme}`;
        const { page, context, said, asked } = await open(browser, file, viewport, scheme);
        check(`${title}: the whole page fits`, await page.evaluate(inPage.overflow));
        check(`${title}: the headline is one sentence, seen at once`, await page.evaluate(inPage.headline));
        check(`${title}: charts`, await page.evaluate(inPage.charts));
        check(`${title}: direction`, await page.evaluate(inPage.direction, language));
        check(`${title}: colours of the scheme`, await page.evaluate(inPage.colours, scheme));
        check(`${title}: axe`, await axeFindings(page));
        await page.screenshot({ path: join(folder, "pictures", `${name}.${viewport.width}.${scheme}.png`), fullPage: true });
        check(`${title}: keyboard`, await keyboardFindings(page));
        check(`${title}: the reader's clock`, await page.evaluate(inPage.readersClock, language));
        check(`${title}: asks nobody`, asked);
        check(`${title}: console`, said);
        await context.close();
    }
}

async function print(browser, file, name) {
    const { page, context, said, asked } = await open(browser, file, WIDTHS[1], "dark");
    const path = join(folder, "printed", `${name}.pdf`);
    await page.pdf({ path, format: "A4", preferCSSPageSize: true });
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    check(`${name} printed: on white, all folds but the tables open`, await page.evaluate(inPage.paper));
    check(`${name} printed: a file`, statSync(path).size > 10_000 ? [] : ["it is empty"]);
    check(`${name} printed: asks nobody, says nothing`, [...asked, ...said]);
    await context.close();
}

// The checks themselves are checked: a page with every fault is told of each.
async function lookAtFaults(browser) {
    const file = fileURLToPath(new URL("faults.html", import.meta.url));
    const { page, context, said, asked } = await open(browser, file, WIDTHS[0], "dark");
    const none = (what, found) => check(`faults.html: ${what} is found`, found.length ? [] : ["it is not"]);
    none("what is too wide", await page.evaluate(inPage.overflow));
    none("a headline of two sentences, below the fold", await page.evaluate(inPage.headline));
    none("a chart without words", await page.evaluate(inPage.charts));
    none("a wrong direction", await page.evaluate(inPage.direction, "ar"));
    none("light in the dark", await page.evaluate(inPage.colours, "dark"));
    none("what cannot be read", await axeFindings(page));
    none("focus that cannot be seen", await keyboardFindings(page));
    none("a clock that nobody set", await page.evaluate(inPage.readersClock, "ar"));
    none("a request", asked);
    none("a word on the console", said);
    await context.close();
}

mkdirSync(join(folder, "pictures"), { recursive: true });
mkdirSync(join(folder, "printed"), { recursive: true });
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium" });
try {
    await lookAtFaults(browser);
    const files = readdirSync(join(folder, "reports")).sort();
    const worker = async () => {
        for (let file = files.shift(); file; file = files.shift()) {
            const name = file.replace(/\.html$/, "");
            const before = Date.now();
            await look(browser, join(folder, "reports", file), name);
            await print(browser, join(folder, "reports", file), name);
            console.log(`${name}: ${((Date.now() - before) / 1000).toFixed(1)} s`);
        }
    };
    await Promise.all([worker(), worker()]);
} finally {
    await browser.close();
}
console.log(`\npictures are in ${join(folder, "pictures")}, printed pages in ${join(folder, "printed")}`);
console.log(`\n${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
