// Prints {name: {preset: {version, address, scores, figures, failed}}}: the page on a phone and at a desk.
const {pathToFileURL} = require("url");
const {tool, each} = require("./asked.cjs");
const FIGURES = ["largest-contentful-paint", "total-blocking-time", "cumulative-layout-shift"];
const CATEGORIES = ["performance", "accessibility", "best-practices", "seo"];

const READINGS = 3;

// A machine that is busy spoils a reading, never makes one better: the best of a few counts.
async function read(lighthouse, address, config, opened) {
  let best;
  for (let n = 0; n < READINGS; n++) {
    const page = await opened();
    const {lhr} = await lighthouse(address, {logLevel: "error", onlyCategories: CATEGORIES}, config, page);
    await page.close();
    const fine = lhr.runtimeError ? -1 : lhr.categories.performance.score;
    if (!best || fine > best.fine) best = {fine, lhr};
    if (fine >= 0.95) break;
  }
  return best.lhr;
}

each(async (address, browser, opened) => {
  const {default: lighthouse, desktopConfig} = await import(pathToFileURL(tool.resolve("lighthouse")));
  const told = {};
  for (const [preset, config] of [["phone", undefined], ["desk", desktopConfig]]) {
    const lhr = await read(lighthouse, address, config, opened);
    const {audits, categories} = lhr;
    told[preset] = {
      version: lhr.lighthouseVersion,
      address: lhr.finalDisplayedUrl,
      trouble: lhr.runtimeError?.message ?? "",
      scores: Object.fromEntries(CATEGORIES.map(one => [one, Math.round((categories[one].score ?? 0) * 100)])),
      figures: Object.fromEntries(FIGURES.map(one => [one, audits[one].displayValue])),
      failed: Object.values(audits).filter(one => one.score !== null && one.score < 0.9)
        .map(one => `${one.id}: ${one.displayValue ?? one.title} ${one.details?.items?.[0]?.node?.snippet ?? ""}`),
    };
  }
  return told;
});
