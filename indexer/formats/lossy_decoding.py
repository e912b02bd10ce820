"""Decode damaged text as far as possible; each place with lost bytes becomes one U+FFFD.

In UTF-8 the bytes show where a character begins. In GBK and Big5 a lost byte shifts all pairs of
bytes behind it, up to the next ASCII character. There, the split into pairs and lost single bytes
is chosen that gives the most likely Chinese.
"""

from __future__ import annotations

import re
from contextlib import suppress
from functools import lru_cache

from .likeness import MIN_CHINESE_SCORE, log_frequency, score_chinese

LOST = "\ufffd"
_ESCAPED_BYTES = re.compile("[\udc80-\udcff]+")
_PRIVATE_USE = re.compile("[\ue000-\uf8ff]")
_MIN_SCORED = 8
# The score of a lost byte, in nats: as much as three or four characters gain by a right split.
_LOST_BYTE_SCORE = -25.0
# How many bytes before and behind an error are split anew if no ASCII character comes earlier.
_MAX_REPAIR = 20_000
# These bytes are below every trail byte of two-byte characters: behind one, a character begins.
_SAFE_BOUNDARY = re.compile(rb"[\x00-\x2f]")


def decode_lossy(data: bytes, encoding: str) -> tuple[str, int]:
    """Decode bytes; return the text and how many bytes are lost.

    Args:
        data: the bytes of the file.
        encoding: the name of their encoding, as Python knows it.
    """
    if encoding.startswith("utf-8"):
        return _replace_escaped(data.decode(encoding, errors="surrogateescape"))
    if encoding.startswith("utf"):
        with suppress(UnicodeDecodeError):
            return data.decode(encoding), 0
        text = data.decode(encoding, errors="replace")
        return text, text.count(LOST) * int(encoding[4:6]) // 8
    pieces, lost = [], 0
    for line in data.splitlines(keepends=True):
        try:
            text, missing = line.decode(encoding), 0
        except UnicodeDecodeError:
            text, missing = _decode_damaged_line(line, encoding)
        else:
            if _is_suspicious(text) and len(line) <= _MAX_REPAIR:
                better, lost_bytes = _decode_most_likely(line, encoding)
                if _total_score(better) + lost_bytes * (
                    _LOST_BYTE_SCORE - log_frequency(LOST)
                ) > _total_score(text):
                    text, missing = better, lost_bytes
        pieces.append(text)
        lost += missing
    return "".join(pieces), lost


def _is_suspicious(text: str) -> bool:
    """Return whether a line that decodes without an error is shifted all the same.

    It then has private-use characters, where a comma is split, or is unlikely as a whole.
    """
    if text.isascii():
        return False
    mean, count = score_chinese(text)
    return bool(_PRIVATE_USE.search(text)) or (count >= _MIN_SCORED and mean < MIN_CHINESE_SCORE)


def _total_score(text: str) -> float:
    mean, count = score_chinese(text)
    return mean * count


def _replace_escaped(escaped: str) -> tuple[str, int]:
    lost = sum(len(run) for run in _ESCAPED_BYTES.findall(escaped))
    return _ESCAPED_BYTES.sub(LOST, escaped), lost


def _decode_damaged_line(line: bytes, encoding: str) -> tuple[str, int]:
    """Decode a line with errors: between safe boundaries around each, use the most likely split."""
    pieces, lost, at = [], 0, 0
    while at < len(line):
        # A window bounds the time for a very long line, which would otherwise be quadratic.
        window = line[at : at + 16 * _MAX_REPAIR]
        try:
            pieces.append(window.decode(encoding))
            at += len(window)
            continue
        except UnicodeDecodeError as error:
            wrong = error.start
        if wrong >= len(window) - 4 and at + len(window) < len(line):
            # The end of the window splits a character; the file has no error here.
            pieces.append(window[:wrong].decode(encoding))
            at += wrong
            continue
        bounds = [
            m.end() for m in _SAFE_BOUNDARY.finditer(window, max(0, wrong - _MAX_REPAIR), wrong)
        ]
        # Begin at a character even if the part begins inside of a run.
        start = bounds[-1] if bounds else max(0, wrong - _MAX_REPAIR)
        start = len(window[:start].decode(encoding, errors="ignore").encode(encoding, "ignore"))
        behind = _SAFE_BOUNDARY.search(window, wrong + 1, wrong + _MAX_REPAIR)
        end = behind.start() if behind else min(len(window), wrong + _MAX_REPAIR)
        text, missing = _decode_most_likely(window[start:end], encoding)
        pieces += [window[:start].decode(encoding, errors="replace"), text]
        lost += missing
        at += end
    return "".join(pieces), lost


def _decode_most_likely(run: bytes, encoding: str) -> tuple[str, int]:
    """Return the split of a run with the highest score, by dynamic programming from its end.

    Returns:
        The text, and how many bytes are lost.
    """
    size = len(run)
    score = [0.0] * (size + 1)
    step = [(1, LOST)] * size
    for at in range(size - 1, -1, -1):
        byte = run[at]
        if byte < 0x80:
            score[at], step[at] = score[at + 1], (1, chr(byte))
            continue
        score[at] = score[at + 1] + _LOST_BYTE_SCORE
        for width in (2, 4) if encoding == "gb18030" else (2,):
            if at + width > size:
                break
            character = _decode_character(run[at : at + width], encoding)
            if (
                character
                and (candidate_score := log_frequency(character) + score[at + width]) > score[at]
            ):
                score[at], step[at] = candidate_score, (width, character)
    pieces, at, lost = [], 0, 0
    while at < size:
        width, character = step[at]
        lost += character == LOST
        pieces.append(character)
        at += width
    return re.sub(f"{LOST}+", LOST, "".join(pieces)), lost


@lru_cache(maxsize=65_536)
def _decode_character(data: bytes, encoding: str) -> str:
    """Return the character that the bytes stand for; an empty text if they are not exactly one."""
    try:
        character = data.decode(encoding)
    except UnicodeDecodeError:
        return ""
    return character if len(character) == 1 else ""
