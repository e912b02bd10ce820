"""Numbers as they are displayed, and those that Word puts before paragraphs by itself.

A .docx file does not hold the 一、 or 1.1 of its headings but a list, a level and how the level
counts; citations and the outline need what a reader sees.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LEVELS = 9
_DIGITS = "零一二三四五六七八九"
_LEGAL = "零壹贰叁肆伍陆柒捌玖"
_STEMS, _BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = tuple(
    zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        "M CM D CD C XC L XL X IX V IV I".split(),
        strict=True,
    )
)
_PLACEHOLDER = re.compile(r"%([1-9])")
# Behind these no space is written: 一、前言 and （一）背景.
_CLOSED = "、）)。：】"


def _counted(number: int, digits: str, units: str) -> str:
    """Chinese numerals up to 9,999: 一百零五, and 十二 rather than 一十二."""
    if not 0 < number < 10_000:
        return str(number)
    told, zero = "", False
    for place in range(len(str(number)) - 1, -1, -1):
        digit = number // 10**place % 10
        if digit:
            told += (digits[0] if zero and told else "") + digits[digit] + units[place]
        zero = not digit
    return told[1:] if 10 <= number < 20 and digits is _DIGITS else told


def _letters(number: int, first: str) -> str:
    """a, b ... z, aa, bb."""
    if not 0 < number <= 780:
        return str(number)
    return chr(ord(first) + (number - 1) % 26) * ((number - 1) // 26 + 1)


def _roman(number: int) -> str:
    if not 0 < number < 4000:
        return str(number)
    told = ""
    for value, sign in _ROMAN:
        told += sign * (number // value)
        number %= value
    return told


def _signs(first: str, count: int) -> Callable[[int], str]:
    """Signs that stand in a row in Unicode, as ① to ⑳; beyond them plain digits."""
    return lambda number: chr(ord(first) + number - 1) if 0 < number <= count else str(number)


def _chinese(number: int) -> str:
    return _counted(number, _DIGITS, " 十百千".replace(" ", "\0")).replace("\0", "")


def _legal(number: int) -> str:
    return _counted(number, _LEGAL, "\0拾佰仟").replace("\0", "")


def _of(signs: str) -> Callable[[int], str]:
    return lambda number: signs[(number - 1) % len(signs)] if number > 0 else str(number)


_CHINESE = (
    "chineseCounting chineseCountingThousand japaneseCounting taiwaneseCounting"
    " taiwaneseCountingThousand koreanDigital2"
)
_FORMATS: dict[str, Callable[[int], str]] = {
    **dict.fromkeys(_CHINESE.split(), _chinese),
    **dict.fromkeys(
        "chineseLegalSimplified ideographLegalTraditional japaneseLegal".split(), _legal
    ),
    "ideographDigital": lambda n: str(n).translate(str.maketrans("0123456789", "〇" + _DIGITS[1:])),
    "ideographTraditional": _of(_STEMS),
    "ideographZodiac": _of(_BRANCHES),
    "ideographEnclosedCircle": _signs("㊀", 10),
    "decimalEnclosedCircle": _signs("①", 20),
    "decimalEnclosedCircleChinese": _signs("①", 20),
    "decimalEnclosedParen": _signs("⑴", 20),
    "decimalEnclosedFullstop": _signs("⒈", 20),
    "decimalZero": lambda n: f"{n:02d}",
    "upperLetter": lambda n: _letters(n, "A"),
    "lowerLetter": lambda n: _letters(n, "a"),
    "upperRoman": _roman,
    "lowerRoman": lambda n: _roman(n).lower(),
    "none": lambda n: "",
    "bullet": lambda n: "",
}


def formatted(number: int, kind: str) -> str:
    """A number in one of Word's formats; in those that we do not know in plain digits.

    >>> [formatted(n, "chineseCounting") for n in (1, 10, 12, 20, 105)]
    ['一', '十', '十二', '二十', '一百零五']
    >>> formatted(3, "decimalEnclosedCircle"), formatted(4, "lowerRoman"), formatted(28, "upperLetter")
    ('③', 'iv', 'BB')
    """
    return _FORMATS.get(kind, str)(number)


@dataclass(frozen=True, slots=True)
class Level:
    """How a level of a list counts. text: as 第%1章. style: of the paragraphs that it numbers."""

    start: int = 1
    kind: str = "decimal"
    text: str = ""
    suffix: str = "tab"
    style: str | None = None
    # The level above which starts this one anew; by default any, at 0 none.
    restart: int | None = None
    legal: bool = False


@dataclass(slots=True)
class Numbering:
    """The lists of a document and how far each has counted, in order of its paragraphs."""

    levels: dict[str, list[Level]] = field(default_factory=dict)
    lists: dict[str, str] = field(default_factory=dict)
    overrides: dict[str, dict[int, int]] = field(default_factory=dict)
    own: dict[str, dict[int, Level]] = field(default_factory=dict)
    _counts: dict[str, list[int | None]] = field(default_factory=dict)
    _begun: set[str] = field(default_factory=set)

    @classmethod
    def read(cls, root: Any, style_lists: dict[str, str]) -> Numbering:
        """Reads numbering.xml.

        Args:
            root: its root element, or None.
            style_lists: style id: the list that a style of lists stands for.
        """
        made = cls()
        if root is None:
            return made
        linked: dict[str, str] = {}
        for abstract in root.iterchildren(f"{W}abstractNum"):
            name = abstract.get(f"{W}abstractNumId") or ""
            link = _value(abstract, "numStyleLink")
            if link:
                linked[name] = link
            made.levels[name] = [Level()] * _LEVELS
            for level in abstract.iterchildren(f"{W}lvl"):
                at = _whole(level.get(f"{W}ilvl"), 0)
                if 0 <= at < _LEVELS:
                    made.levels[name][at] = _read_level(level)
        for number in root.iterchildren(f"{W}num"):
            made._read_list(number)
        for name, style in linked.items():
            other = made.lists.get(style_lists.get(style, ""))
            if other in made.levels and other not in linked:
                made.levels[name] = made.levels[other]
        return made

    def _read_list(self, number: Any) -> None:
        name = number.get(f"{W}numId") or ""
        self.lists[name] = _value(number, "abstractNumId") or ""
        for override in number.iterchildren(f"{W}lvlOverride"):
            at = _whole(override.get(f"{W}ilvl"), 0)
            start = _value(override, "startOverride")
            if start is not None:
                self.overrides.setdefault(name, {})[at] = _whole(start, 1)
            level = override.find(f"{W}lvl")
            if level is not None:
                self.own.setdefault(name, {})[at] = _read_level(level)

    def level_of(self, name: str, style: str | None) -> int | None:
        """The level of a list that numbers the paragraphs of a style."""
        levels = self.levels.get(self.lists.get(name, ""), [])
        return next((at for at, one in enumerate(levels) if style and one.style == style), None)

    def next(self, name: str, at: int) -> str:
        """Counts a paragraph, and gives what is displayed before its text, space included."""
        abstract = self.lists.get(name)
        if abstract is None or abstract not in self.levels or not 0 <= at < _LEVELS:
            return ""
        counts = self._counts.setdefault(abstract, [None] * _LEVELS)
        overrides = self.overrides.get(name, {})
        if name not in self._begun:
            self._begun.add(name)
            for level in overrides:
                if 0 <= level < _LEVELS:
                    counts[level] = None
        levels = [self.own.get(name, {}).get(i, one) for i, one in enumerate(self.levels[abstract])]
        for level in range(at):
            if counts[level] is None:
                counts[level] = overrides.get(level, levels[level].start)
        current = counts[at]
        start = overrides.get(at, levels[at].start)
        counts[at] = start if current is None else current + 1
        for deeper in range(at + 1, _LEVELS):
            restart = levels[deeper].restart
            if restart is None or (restart and at < restart):
                counts[deeper] = None
        return _shown(levels, counts, at)


def _shown(levels: list[Level], counts: list[int | None], at: int) -> str:
    level = levels[at]
    if level.kind == "bullet":
        return "- "

    def number(match: re.Match[str]) -> str:
        of = int(match[1]) - 1
        kind = "decimal" if level.legal else levels[of].kind
        return formatted(counts[of] or levels[of].start, kind) if of <= at else ""

    told = _PLACEHOLDER.sub(number, level.text).strip()
    if not told:
        return ""
    return told if level.suffix == "nothing" or told[-1] in _CLOSED else f"{told} "


def _read_level(level: Any) -> Level:
    legal = level.find(f"{W}isLgl")
    restart = _value(level, "lvlRestart")
    return Level(
        start=_whole(_value(level, "start"), 0 if _value(level, "start") else 1),
        kind=_kind(level),
        text=_value(level, "lvlText") or "",
        suffix=_value(level, "suff") or "tab",
        style=_value(level, "pStyle"),
        restart=None if restart is None else _whole(restart, 0),
        legal=legal is not None and legal.get(f"{W}val") not in ("0", "false"),
    )


def _kind(level: Any) -> str:
    """The format; one that only newer versions know stands in a part for them."""
    found = level.find(f".//{W}numFmt")
    return (found.get(f"{W}val") if found is not None else None) or "decimal"


def _value(element: Any, name: str) -> str | None:
    child = element.find(f"{W}{name}")
    value: str | None = child.get(f"{W}val") if child is not None else None
    return value


def _whole(value: str | None, default: int) -> int:
    return int(value) if value and re.fullmatch(r"-?\d{1,9}", value) else default
