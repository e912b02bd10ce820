"""Numbers and years as people write them."""

from __future__ import annotations

import re

_YEAR = re.compile(r"(?<!\d)(1[89]\d\d|20\d\d)(?!\d)(?=\s*年|[^\d.%万亿元])|(?<!\d)(20\d\d)$")


NUMERALS = {c: i for i, c in enumerate("零一二三四五六七八九十")} | {"两": 2}


def years_in(folded: str) -> tuple[str, ...]:
    """The years that a folded text names, each once, in order.

    >>> years_in("从2015年到2020年,共2000万元")
    ('2015', '2020')
    """
    found = (a or b for a, b in _YEAR.findall(folded))
    return tuple(dict.fromkeys(found))


def numeral(text: str) -> int:
    """Reads 0-99 in digits or Chinese numerals.

    >>> numeral("十二"), numeral("二十"), numeral("7"), numeral("两")
    (12, 20, 7, 2)
    """
    if text.isdigit() and text.isascii():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    return (NUMERALS.get(tens, 1) * 10 if ten else 0) + NUMERALS.get(ones, 0)


def in_words(number: int) -> str:
    """1-99 in Chinese numerals.

    >>> in_words(4), in_words(11), in_words(20)
    ('四', '十一', '二十')
    """
    digits = "零一二三四五六七八九"
    tens, ones = divmod(number, 10)
    head = "" if not tens else ("十" if tens == 1 else f"{digits[tens]}十")
    return head + (digits[ones] if ones or not tens else "")
