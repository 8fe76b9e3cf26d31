// Prints {name: [what pa11y says of the page]}.
const {tool, each} = require("./asked.cjs");
const pa11y = tool("pa11y");

each(async (address, browser, opened) => {
  const page = await opened();
  const found = await pa11y(address, {browser, page, standard: "WCAG2AA", runners: ["htmlcs"], timeout: 60000});
  return found.issues.map(one => `${one.code}: ${one.message} ${one.selector} ${one.context}`);
});
