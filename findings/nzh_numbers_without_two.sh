#!/bin/sh
# nzh: 两千五百 is read as 500, 一亿两千万 as 100,000,000, and the year 二〇二六 as 226.
#
# Guess: decodeS ("numbers in Chinese to figures") knows every character that Chinese numbers are written with: 两 for 2 before
#        百, 千, 万 and 亿, and 〇, which GB/T 15835-2011 wants in years (二〇一二, not 二零一二); or it gives NaN where it meets one that it does not know.
# Seen:  what it does not know is left out of the sum: 两百 and 两万 are 0, 两千五百 is 500, 一亿两千万 is 100000000, 二〇二六
#        is 226, 廿五 is 5. decodeB does the same with what is not in capitals (两万伍仟 is 5000). Nothing is thrown.
#        cn2an has 2500, 120000000 and 2026.
# Met by: who reads areas, sums or years out of applications in a form that runs in the browser: a sum of 120 million is
#        taken for 100. Put 二 for 两 before decoding, and read years figure by figure.
# Needs node and npm beside python3.
# Exit code 0: still so. 1: the behaviour has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --prefix "$folder" nzh@1.0.14
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check cn2an==0.5.24
words="两百 两千五百 一亿两千万 二〇二六 二千五百"
guess=$("$folder/venv/bin/python" -c 'import sys, cn2an; print(*(cn2an.cn2an(one, "smart") for one in sys.argv[1:]))' $words)
seen=$(node -e 'const cn = require("nzh/cn"); console.log(...process.argv.slice(1).map((one) => cn.decodeS(one)))' $words)
capitals=$(node -e 'console.log(require("nzh/cn").decodeB("两万伍仟"))')
echo "nzh 1.0.14, cn2an 0.5.24: $words"
echo "guess (cn2an): $guess"
echo "seen:          $seen"
echo "decodeB of 两万伍仟: $capitals"
[ "$guess" = "200 2500 120000000 2026 2500" ] && [ "$seen" = "0 500 100000000 226 2500" ] && [ "$capitals" = 5000 ]
