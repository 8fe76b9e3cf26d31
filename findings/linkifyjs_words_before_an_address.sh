#!/bin/sh
# linkifyjs, autolinker: the Chinese words before an address of mail or of a site become part of it.
#
# RFC 3986 (2) and the classic syntax of RFC 5322 (3.4.1) know figures, Latin letters and some marks only. RFC 6531 lets an
# address of mail have Han characters, but Chinese puts no blank between an address and the word before it.
#
# Guess: in 请发送至xxgk@example.gov.cn。 the link goes to xxgk@example.gov.cn, as anchorme and marked have it and as it does after
#        a blank; a mark of Chinese (，：。） ) ends a link as a mark of English does.
# Seen:  both write mailto:请发送至xxgk@example.gov.cn. linkifyjs takes 邮箱：xxgk@… with the colon as well, makes of
#        请登录www.example.gov.cn the site http://请登录www.example.gov.cn, and goes on behind the address to the end of the
#        sentence: …/index.html，查看答复。
# Met by: an office whose guide or letters are shown on a page with links made from the text: mail to the office for
#        information does not arrive, and the link to an answer opens a page that is not there. Set a blank on both sides
#        of every address, or take anchorme.
# Needs node and npm.
# Exit code 0: still so. 1: the behaviour has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --prefix "$folder" linkifyjs@4.4.0 autolinker@4.1.5 anchorme@3.0.8
cat > links.js <<'JS'
const linkify = require("linkifyjs");
const loaded = require("autolinker");
const Autolinker = loaded.default || loaded;
const anchorme = require("anchorme").default;

const mail = "xxgk@example.gov.cn";
const site = "www.example.gov.cn";
const page = "https://www.example.gov.cn/a/index.html";
const href = (html) => (html.match(/href="([^"]*)"/) || [])[1];
const ways = {
  linkifyjs: (text) => linkify.find(text)[0].href,
  autolinker: (text) => Autolinker.parse(text, { urls: true, email: true })[0]?.getAnchorHref(),
  anchorme: (text) => href(anchorme(text)),
};
// The text, the guess, what linkifyjs makes of it, what autolinker makes of it (null: not looked at).
const told = [
  [`请发送至 ${mail}。`, `mailto:${mail}`, `mailto:${mail}`, `mailto:${mail}`],
  [`请发送至${mail}。`, `mailto:${mail}`, `mailto:请发送至${mail}`, `mailto:请发送至${mail}`],
  [`邮箱：${mail}；电话`, `mailto:${mail}`, `mailto:邮箱：${mail}`, null],
  [`请登录${site}查询`, `http://${site}`, `http://请登录${site}`, null],
  [`见${page}，查看答复。`, page, `${page}，查看答复。`, page],
];
console.log("linkifyjs 4.4.0, autolinker 4.1.5, anchorme 3.0.8");
let still = true;
for (const [text, guess, one, two] of told) {
  const seen = [ways.linkifyjs(text), ways.autolinker(text)];
  console.log(text, "| guess", guess, "| linkifyjs", seen[0], "| autolinker", seen[1], "| anchorme", ways.anchorme(text));
  still &&= seen[0] === one && (two === null || seen[1] === two);
}
still &&= ways.anchorme(told[1][0]) === told[1][1] && ways.anchorme(told[4][0]) === page;
process.exit(still ? 0 : 1);
JS
node links.js
