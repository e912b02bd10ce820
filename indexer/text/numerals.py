"""Chinese numerals in both directions: 二十一 to 21 and 21 to 二十一."""

from __future__ import annotations

DIGITS = "零一二三四五六七八九"
FORMAL_DIGITS = "零壹贰叁肆伍陆柒捌玖"
ONE_TO_TEN = "一二三四五六七八九十"

_UNITS, _FORMAL_UNITS = ("", "十", "百", "千"), ("", "拾", "佰", "仟")
# Other signs for the same digits.
_VARIANTS = str.maketrans("两〇", "二零")


def parse_numeral(text: str) -> int | None:
    """Read a number from 0 to 9,999 in ASCII digits or in Chinese numerals.

    Returns:
        None where the text is no such number.

    >>> parse_numeral("十二"), parse_numeral("一百零五"), parse_numeral("7"), parse_numeral("二三")
    (12, 105, 7, None)
    """
    if text.isdigit() and text.isascii():
        return int(text)
    plain = text.translate(_VARIANTS)
    plain = plain[1:] if plain.startswith("一十") else plain
    value = digit = 0
    for sign in plain:
        if sign in DIGITS:
            digit = DIGITS.index(sign)
        elif sign in _UNITS:
            value += (digit or 1) * 10 ** _UNITS.index(sign)
            digit = 0
        else:
            return None
    value += digit
    # Accept only what `to_numeral` would write: neither 二三 nor 零五 nor 一百五.
    return value if value < 10_000 and to_numeral(value) == plain else None


def to_numeral(number: int, formal: bool = False) -> str:
    """Write a number from 0 to 9,999 in Chinese numerals: 一百零五, and 十二 rather than 一十二.

    Args:
        formal: in the signs of cheques and contracts, which shorten nothing: 壹拾贰.

    Raises:
        ValueError: the number is negative or has more than four digits.

    >>> to_numeral(4), to_numeral(11), to_numeral(20), to_numeral(105), to_numeral(12, formal=True)
    ('四', '十一', '二十', '一百零五', '壹拾贰')
    """
    if not 0 <= number < 10_000:
        raise ValueError(f"found {number}, expected a number from 0 to 9999")
    digits, units = (FORMAL_DIGITS, _FORMAL_UNITS) if formal else (DIGITS, _UNITS)
    if number == 0:
        return digits[0]
    numeral, zero = "", False
    for power in range(len(str(number)) - 1, -1, -1):
        digit = number // 10**power % 10
        if digit:
            numeral += (digits[0] if zero else "") + digits[digit] + units[power]
        zero = not digit
    return numeral[1:] if 10 <= number < 20 and not formal else numeral


def circled_number(sign: str) -> int:
    """Return the number of a sign from ① to ⑳.

    >>> circled_number("③")
    3
    """
    return ord(sign) - ord("①") + 1
