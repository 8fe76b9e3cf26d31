#!/bin/sh
# pycnnum: 1680.32 is written as 1608.32 in words, and 一百二十万 (1,200,000) is read as 10,200,000.
#
# Guess: num2cn and cn2num are the inverse of each other for an amount of money, as the project says of itself ("int/float
#        conversion"). Of the short way of speech (三万五 for 35,000) the last unit may be left out only where nothing
#        follows; the rules for vouchers (《支付结算办法》, annex 1) write 1680.32 as 壹仟陆佰捌拾元叁角贰分.
# Seen:  the unit is left out before the decimal point as well: 1680.32 is 一千六百八点三二 and in capitals 壹仟陆佰捌点叁贰,
#        12000.8 is 一万二点八, 107000.53 is 十万七点五三, which cn2num itself reads back as 170000.53. The other way 三千五百万 is
#        3005000000, 一百二十万 10200000, 三百五十万 30500000, 二〇二六 is 6. Nothing is raised. cn2an has all of them right.
# Met by: who writes a fee or a compensation (征地补偿) into a letter in words, or reads the amount that an applicant asks
#        about from a text: the words are well formed and the sum is another. Take cn2an.
# Exit code 0: still so. 1: the behaviour has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check pycnnum==2.1.1 cn2an==0.5.24
"$folder/venv/bin/python" - <<'PYTHON'
import sys
from importlib.metadata import version

import cn2an
from pycnnum import cn2num, num2cn

WRITTEN = {
    "1680.32": "一千六百八点三二",
    "12000.8": "一万二点八",
    "107000.53": "十万七点五三",
    "110.5": "一百一点五",
}
READ = {"一百二十万": 10_200_000, "三百五十万": 30_500_000, "三千五百万": 3_005_000_000, "二〇二六": 6}

print("pycnnum", version("pycnnum"), "cn2an", version("cn2an"))
still = num2cn("1680.32", upper=True) == "壹仟陆佰捌点叁贰" and cn2num(num2cn("107000.53")) == 170000.53
for amount, words in WRITTEN.items():
    guess, seen = cn2an.an2cn(amount, "low"), num2cn(amount)
    print(amount, "| guess", guess, "| seen", seen)
    still = still and seen == words != guess and cn2an.cn2an(guess, "smart") == float(amount)
for words, number in READ.items():
    guess, seen = cn2an.cn2an(words, "smart"), cn2num(words)
    print(words, "| guess", guess, "| seen", seen)
    still = still and seen == number != guess
sys.exit(not still)
PYTHON
