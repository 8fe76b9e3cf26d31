// What both need: the pages asked for on standard input, each in a window of its own with its cookies.
// Reads {"chromium", "pages": {name: {address, cookies}}}.
const {readFileSync} = require("fs");
const {createRequire} = require("module");

const tool = createRequire(process.cwd() + "/package.json");

async function each(look) {
  const asked = JSON.parse(readFileSync(0, "utf8")), told = {};
  const browser = await tool("puppeteer").launch({
    executablePath: asked.chromium, args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
  });
  for (const [name, {address, cookies}] of Object.entries(asked.pages)) {
    const context = await browser.createBrowserContext();
    await context.setCookie(...cookies);
    told[name] = await look(address, browser, () => context.newPage());
    await context.close();
  }
  await browser.close();
  process.stdout.write(JSON.stringify(told));
}

module.exports = {tool, each};
