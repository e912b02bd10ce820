"""Format the numbers of list items in the number formats of Word and HTML."""

from __future__ import annotations

from collections.abc import Callable

from indexer.text.numerals import DIGITS, to_numeral

_STEMS, _BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = tuple(
    zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        "M CM D CD C XC L XL X IX V IV I".split(),
        strict=True,
    )
)


def _format_letters(number: int, first: str) -> str:
    """Format a number as a, b ... z, aa, bb ..."""
    if not 0 < number <= 780:
        return str(number)
    return chr(ord(first) + (number - 1) % 26) * ((number - 1) // 26 + 1)


def _format_roman(number: int) -> str:
    if not 0 < number < 4000:
        return str(number)
    text = ""
    for value, sign in _ROMAN:
        text += sign * (number // value)
        number %= value
    return text


def _enclosed(first: str, count: int) -> Callable[[int], str]:
    """Return a formatter for characters that follow one another in Unicode, as ① to ⑳.

    Larger numbers are formatted in plain digits.
    """
    return lambda number: chr(ord(first) + number - 1) if 0 < number <= count else str(number)


def _format_counting(number: int) -> str:
    return to_numeral(number) if 0 < number < 10_000 else str(number)


def _format_legal(number: int) -> str:
    return to_numeral(number, formal=True) if 0 < number < 10_000 else str(number)


def _cycle(signs: str) -> Callable[[int], str]:
    """Return a formatter that begins anew behind the last sign."""
    return lambda number: signs[(number - 1) % len(signs)] if number > 0 else str(number)


_CHINESE = (
    "chineseCounting chineseCountingThousand japaneseCounting taiwaneseCounting"
    " taiwaneseCountingThousand koreanDigital2"
)
_FORMATS: dict[str, Callable[[int], str]] = {
    **dict.fromkeys(_CHINESE.split(), _format_counting),
    **dict.fromkeys(
        "chineseLegalSimplified ideographLegalTraditional japaneseLegal".split(), _format_legal
    ),
    "ideographDigital": lambda n: str(n).translate(str.maketrans("0123456789", "〇" + DIGITS[1:])),
    "ideographTraditional": _cycle(_STEMS),
    "ideographZodiac": _cycle(_BRANCHES),
    "ideographEnclosedCircle": _enclosed("㊀", 10),
    "decimalEnclosedCircle": _enclosed("①", 20),
    "decimalEnclosedCircleChinese": _enclosed("①", 20),
    "decimalEnclosedParen": _enclosed("⑴", 20),
    "decimalEnclosedFullstop": _enclosed("⒈", 20),
    "decimalZero": lambda n: f"{n:02d}",
    "upperLetter": lambda n: _format_letters(n, "A"),
    "lowerLetter": lambda n: _format_letters(n, "a"),
    "upperRoman": _format_roman,
    "lowerRoman": lambda n: _format_roman(n).lower(),
    "none": lambda n: "",
    "bullet": lambda n: "",
}


def format_number(number: int, kind: str) -> str:
    """Format a number in one of Word's number formats; plain digits for an unknown format.

    >>> [format_number(n, "chineseCounting") for n in (1, 10, 12, 20, 105)]
    ['一', '十', '十二', '二十', '一百零五']
    >>> format_number(3, "decimalEnclosedCircle"), format_number(4, "lowerRoman")
    ('③', 'iv')
    >>> format_number(28, "upperLetter")
    'BB'
    """
    return _FORMATS.get(kind, str)(number)
