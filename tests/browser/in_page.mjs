// What pages.mjs asks of a page, from within it. Each function stands alone, is sent to the page as text, and gives what is
// wrong, a line each.

/// Nothing but what scrolls by itself is wider than the window.
export function overflow() {
    const wide = document.documentElement.clientWidth, wrong = [];
    if (document.documentElement.scrollWidth > wide) wrong.push(`the page is ${document.documentElement.scrollWidth} wide, not ${wide}`);
    for (const one of document.querySelectorAll("main *")) {
        if (one.closest(".scroll, pre, svg, details:not([open])")) continue;
        const box = one.getBoundingClientRect();
        if (box.width > 0 && (box.left < -1 || box.right > wide + 1)) wrong.push(`${one.tagName} from ${box.left} to ${box.right}`);
    }
    return wrong;
}

/// One sentence that ends within the first window.
export function headline() {
    const all = document.querySelectorAll(".headline"), wrong = [];
    if (all.length !== 1) return [`${all.length} headlines`];
    const box = all[0].getBoundingClientRect();
    if (box.bottom + scrollY > innerHeight) wrong.push(`it ends at ${box.bottom} of ${innerHeight}`);
    const sentences = [...new Intl.Segmenter(document.documentElement.lang, { granularity: "sentence" }).segment(all[0].textContent)];
    if (sentences.length !== 1) wrong.push(`${sentences.length} sentences`);
    if (!all[0].textContent.trim().endsWith(".")) wrong.push("it does not end");
    return wrong;
}

/// Each has a name, a description and a table; its words lie within it and not on each other; time runs to the right.
export function charts() {
    const all = [...document.querySelectorAll("figure > svg")], wrong = [];
    if (all.length === 0) wrong.push("there are none");
    for (const svg of all) {
        const [title, text] = (svg.getAttribute("aria-labelledby") ?? "").split(" ").map((id) => document.getElementById(id)?.textContent.trim());
        if (svg.getAttribute("role") !== "img" || !title || !text) wrong.push(`no words for ${title}`);
        if (!svg.parentElement.nextElementSibling?.querySelector("table tbody tr")) wrong.push(`no table of ${title}`);
        const frame = svg.getBoundingClientRect();
        const labels = [...svg.querySelectorAll("text")].map((one) => ({ box: one.getBoundingClientRect(), text: one.textContent }));
        for (const [i, { box, text: word }] of labels.entries()) {
            if (box.left < frame.left - 1 || box.right > frame.right + 1 || box.bottom > frame.bottom + 1 || box.top < frame.top - 1)
                wrong.push(`'${word}' leaves the chart`);
            if (box.height < 9) wrong.push(`'${word}' is ${box.height.toFixed(1)} pixels high`);
            for (const other of labels.slice(i + 1))
                if (box.left < other.box.right && other.box.left < box.right && box.top + 2 < other.box.bottom - 2 && other.box.top + 2 < box.bottom - 2)
                    wrong.push(`'${word}' lies on '${other.text}'`);
        }
        const ticks = [...svg.querySelectorAll(".tick")], wide = (one) => { const box = one.getBoundingClientRect(); return (box.left + box.right) / 2; };
        const rows = [ticks.filter((one) => /^\d\d:\d\d$/.test(one.textContent)), ticks.filter((one) => /^(\d{4}-)?\d\d-\d\d$/.test(one.textContent))];
        if (rows[0].length + rows[1].length < 2 || rows[0].length + rows[1].length < ticks.length) wrong.push(`the axis of ${title} says ${ticks.map((one) => one.textContent)}`);
        if (!/^\d{4}-/.test(rows[1][0]?.textContent ?? "")) wrong.push(`${title} does not say of which day it is`);
        for (const row of rows)
            for (let i = 1; i < row.length; i++)
                if (wide(row[i]) <= wide(row[i - 1])) wrong.push(`time runs to the left at ${row[i].textContent}`);
        if (!svg.querySelector("polygon.line")) wrong.push(`nothing is drawn in ${title}`);
    }
    return wrong;
}

/// Words run as the language does, and what is English, code or a stamp from left to right.
export function direction(language) {
    const wanted = ["ar", "fa", "he", "ur"].includes(language) ? "rtl" : "ltr", wrong = [];
    if (document.documentElement.lang !== language || document.documentElement.dir !== wanted)
        wrong.push(`${document.documentElement.lang} ${document.documentElement.dir}, not ${language} ${wanted}`);
    for (const one of document.querySelectorAll("h1, h2, h3, h4, p, li, td, th, caption, summary")) {
        if (one.closest(".legend")) continue;
        const look = getComputedStyle(one);
        if (look.direction !== wanted || !["start", wanted === "rtl" ? "right" : "left"].includes(look.textAlign))
            wrong.push(`${one.tagName} '${one.textContent.slice(0, 30)}' is ${look.direction}, ${look.textAlign}`);
    }
    for (const one of document.querySelectorAll("pre, figure > svg, bdi[lang=en]"))
        if (getComputedStyle(one).direction !== "ltr") wrong.push(`${one.tagName} '${one.textContent.slice(0, 30)}' is mirrored`);
    if (/[\u2066-\u2069]/.test(document.body.textContent)) wrong.push("isolates are left as signs");
    if (/\{\w+[,}]/.test(document.body.innerText.replace(document.querySelector("pre:last-of-type")?.innerText ?? "", "")))
        wrong.push("an argument was not filled in");
    // Stamps and codes stay in one piece in their order: the first sign is the leftmost.
    for (const one of document.querySelectorAll("bdi[lang=en]")) {
        const node = one.firstChild, text = node?.textContent ?? "";
        if (!/^\d{4}-\d\d-\d\dT[\d:]+Z$/.test(text) || one.getClientRects().length !== 1) continue;
        const x = (from) => { const range = document.createRange(); range.setStart(node, from); range.setEnd(node, from + 1); return range.getBoundingClientRect().left; };
        if (x(0) > x(text.length - 1)) wrong.push(`${text} runs backwards`);
    }
    return wrong;
}

/// The ground is dark in the dark and light in the light.
export function colours(scheme) {
    const sum = getComputedStyle(document.body).backgroundColor.match(/\d+/g).slice(0, 3).reduce((all, one) => all + Number(one), 0);
    return (sum < 382) === (scheme === "dark") ? [] : [`the ground is ${getComputedStyle(document.body).backgroundColor}`];
}

/// The script sets the reader's own clock, which is five hours and three quarters before UTC here.
export function readersClock(language) {
    const wrong = [], all = [...document.querySelectorAll("time[data-reader]")];
    if (all.length === 0) wrong.push("there is none");
    for (const one of all) {
        const wanted = new Intl.DateTimeFormat(language, { dateStyle: "full", timeStyle: "long", numberingSystem: language === "ar" ? "arab" : "latn", timeZone: "Asia/Kathmandu" }).format(new Date(one.dateTime));
        if (one.textContent !== wanted) wrong.push(`'${one.textContent}', not '${wanted}'`);
    }
    return wrong;
}

/// How many things a keyboard has to reach; each gets a number.
export function controls() {
    const all = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")]
        .filter((one) => one.checkVisibility() && !(one.tagName !== "SUMMARY" && one.closest("details:not([open])")));
    all.forEach((one, number) => { one.dataset.control = number; });
    // Whatever scrolls has to be among them.
    const scrolls = [...document.querySelectorAll("main *")].filter((one) => one.scrollWidth > one.clientWidth + 1 &&
        ["auto", "scroll"].includes(getComputedStyle(one).overflowX) && one.checkVisibility() && !one.hasAttribute("data-control"));
    return all.length + scrolls.length;
}

/// Where the focus is: null at the end.
export function focused() {
    const one = document.activeElement;
    if (!one || one === document.body || one === document.documentElement) return null;
    const look = getComputedStyle(one), box = one.getBoundingClientRect();
    return {
        number: one.dataset.control ?? "?", what: `${one.tagName} '${one.textContent.trim().slice(0, 30)}'`,
        visible: look.outlineStyle !== "none" && parseFloat(look.outlineWidth) >= 2 && box.bottom > 0 && box.top < innerHeight,
        folds: one.tagName === "SUMMARY", open: one.parentElement.open,
    };
}

/// On white, with what is folded laid open, but not the tables that repeat a chart.
export function paper() {
    const wrong = [], ground = getComputedStyle(document.body).backgroundColor;
    if (ground !== "rgb(255, 255, 255)") wrong.push(`the ground is ${ground}`);
    for (const fold of document.querySelectorAll("details:not([open])")) {
        const inside = fold.querySelector(":scope > :not(summary)");
        const height = inside.checkVisibility({ contentVisibilityAuto: true }) ? inside.getBoundingClientRect().height : 0;
        const ofChart = fold.previousElementSibling?.tagName === "FIGURE";
        if ((height > 0) === ofChart) wrong.push(`${fold.querySelector("summary").textContent} is ${height} high`);
    }
    return wrong;
}
