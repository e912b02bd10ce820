"""One form for each number and date, so that all ways of writing it match.

23,876 and 23876; 2021-06-30, 2021.06.30, 二〇二一年六月三十日 and 2021年6月30日; 百分之六点五 and 6.5%;
一点七八万亿 and 1.78万亿; 五成五 and 55%. For matching only: what is shown and quoted stays as it is written.
"""

from __future__ import annotations

import re

from .numerals import parse_numeral

_SIGNS = "零〇一二三四五六七八九十百千两"
_DIGIT_SIGNS = str.maketrans("零〇一二三四五六七八九", "00123456789")
_THOUSANDS = re.compile(r"(?<![\d,.])\d{1,3}(?:,\d{3})+(?![\d,])")
_DATE = re.compile(
    r"(?<!\d)((?:19|20)\d\d)([-/.])(0?[1-9]|1[0-2])\2(0?[1-9]|[12]\d|3[01])(?![\d.])"
)
_PADDED = re.compile(r"(?<=[年月])0(?=[1-9][月日])")
_YEAR_IN_WORDS = re.compile(r"[一二][零〇一二三四五六七八九]{3}(?=年)")
_DAY_IN_WORDS = re.compile(r"(?<=[年月])[一二三四五六七八九十]{1,3}(?=[月日])")
_PERCENT = re.compile(
    rf"百分之(?P<whole>[{_SIGNS}]+|\d+(?:\.\d+)?)(?:点(?P<part>[零〇一二三四五六七八九]+))?"
)
_TENTHS = re.compile(
    r"(?<![一二三四五六七八九十完建构组合变形达促养])([一二三四五六七八九])成([一二三四五六七八九]?)(?=[,。;、:!?的左以])"
)
_AMOUNT = re.compile(
    rf"(?<![{_SIGNS}第])(?P<whole>[{_SIGNS}]+)(?:点(?P<part>[零〇一二三四五六七八九]+))?"
    rf"(?P<times>万亿|亿|万(?P<rest>[{_SIGNS}]*))(?P<more>亿)?(?=[^{_SIGNS}万亿点]|$)"
)


def canonical(folded: str) -> str:
    """Return a folded text with each number and date in one form.

    >>> canonical("女性23,876人,2021-06-30共一点七八万亿元,增长百分之六点五")
    '女性23876人,2021年6月30日共1.78万亿元,增长6.5%'
    """
    if "," in folded:
        folded = _THOUSANDS.sub(lambda m: m[0].replace(",", ""), folded)
    folded = _DATE.sub(lambda m: f"{m[1]}年{int(m[3])}月{int(m[4])}日", folded)
    if "年" in folded or "月" in folded:
        folded = _YEAR_IN_WORDS.sub(lambda m: m[0].translate(_DIGIT_SIGNS), folded)
        folded = _DAY_IN_WORDS.sub(lambda m: _to_digits(m[0]), folded)
        folded = _PADDED.sub("", folded)
    if "百分之" in folded:
        folded = _PERCENT.sub(lambda m: _join(m["whole"], m["part"]) + "%", folded)
    if "成" in folded:
        folded = _TENTHS.sub(
            lambda m: f"{_to_digits(m[1])}{_to_digits(m[2]) if m[2] else 0}%", folded
        )
    if "万" in folded or "亿" in folded:
        folded = _AMOUNT.sub(_write_amount, folded)
    return folded


def _to_digits(numeral: str) -> str:
    """Return a Chinese numeral in digits; as it is if it is none."""
    value = parse_numeral(numeral)
    return numeral if value is None else str(value)


def _join(whole: str, part: str | None) -> str:
    digits = whole if whole[0].isdigit() else _to_digits(whole)
    return f"{digits}.{part.translate(_DIGIT_SIGNS)}" if part else digits


def _write_amount(match: re.Match[str]) -> str:
    whole = parse_numeral(match["whole"])
    if whole is None:
        return match[0]
    if match["rest"]:
        rest = parse_numeral(match["rest"])
        # 两万三千 is 23000; 两万三 stays, it may be an abbreviation or a list.
        return (
            match[0]
            if rest is None or rest < 1000
            else str(whole * 10_000 + rest) + (match["more"] or "")
        )
    return _join(match["whole"], match["part"]) + match["times"] + (match["more"] or "")
