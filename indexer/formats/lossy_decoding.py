"""Bytes of a damaged file, decoded as far as they can be: what is lost is one U+FFFD a place.

UTF-8 shows by itself where a character begins. In GBK and Big5 a lost byte puts all pairs behind it
out of step, up to the next ASCII character: the cut into pairs and single, lost bytes is chosen
that gives the likeliest Chinese.
"""

from __future__ import annotations

import re
from contextlib import suppress
from functools import lru_cache

from .likeness import CHINESE, likeness, log_frequency

LOST = "\ufffd"
_ESCAPED = re.compile("[\udc80-\udcff]+")
_PRIVATE = re.compile("[\ue000-\uf8ff]")
_LEAST_TOLD = 8
# Nats for a byte that is given up: as much as three or four characters gain by being in step.
_GIVEN_UP = -25.0
# Bytes before and behind an error that are cut anew, if no ASCII character bounds them earlier.
_REACH = 20_000
# Below every trail byte of two-byte characters: behind such a byte a character begins.
_BOUND = re.compile(rb"[\x00-\x2f]")


def decode_lossy(data: bytes, encoding: str) -> tuple[str, int]:
    """(text, how many bytes are lost)."""
    if encoding.startswith("utf-8"):
        return _marked(data.decode(encoding, errors="surrogateescape"))
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
            text, missing = _in_step(line, encoding)
        else:
            if _is_odd(text) and len(line) <= _REACH:
                better, given_up = _likeliest(line, encoding)
                if _nats(better) + given_up * (_GIVEN_UP - log_frequency(LOST)) > _nats(text):
                    text, missing = better, given_up
        pieces.append(text)
        lost += missing
    return "".join(pieces), lost


def _is_odd(text: str) -> bool:
    """Whether a line that has no error is out of step all the same: it has private characters,
    where a comma is split, or all of it is unlikely."""
    if text.isascii():
        return False
    mean, count = likeness(text)
    return bool(_PRIVATE.search(text)) or (count >= _LEAST_TOLD and mean < CHINESE)


def _nats(text: str) -> float:
    mean, count = likeness(text)
    return mean * count


def _marked(escaped: str) -> tuple[str, int]:
    lost = sum(len(run) for run in _ESCAPED.findall(escaped))
    return _ESCAPED.sub(LOST, escaped), lost


def _in_step(line: bytes, encoding: str) -> tuple[str, int]:
    """A line with an error: around each, from one bound to the next, the likeliest cut."""
    pieces, lost, at = [], 0, 0
    while at < len(line):
        # In one go as far as a line of this length can be looked at without quadratic time.
        window = line[at : at + 16 * _REACH]
        try:
            pieces.append(window.decode(encoding))
            at += len(window)
            continue
        except UnicodeDecodeError as error:
            wrong = error.start
        if wrong >= len(window) - 4 and at + len(window) < len(line):
            # The window, not the file, cuts a character.
            pieces.append(window[:wrong].decode(encoding))
            at += wrong
            continue
        bounds = [m.end() for m in _BOUND.finditer(window, max(0, wrong - _REACH), wrong)]
        # A window that begins inside a run begins where a character does.
        start = bounds[-1] if bounds else max(0, wrong - _REACH)
        start = len(window[:start].decode(encoding, errors="ignore").encode(encoding, "ignore"))
        behind = _BOUND.search(window, wrong + 1, wrong + _REACH)
        end = behind.start() if behind else min(len(window), wrong + _REACH)
        text, missing = _likeliest(window[start:end], encoding)
        pieces += [window[:start].decode(encoding, errors="replace"), text]
        lost += missing
        at += end
    return "".join(pieces), lost


def _likeliest(run: bytes, encoding: str) -> tuple[str, int]:
    """The cut of a run with the most nats, by dynamic programming from its end."""
    size = len(run)
    score = [0.0] * (size + 1)
    step = [(1, LOST)] * size
    for at in range(size - 1, -1, -1):
        byte = run[at]
        if byte < 0x80:
            score[at], step[at] = score[at + 1], (1, chr(byte))
            continue
        score[at] = score[at + 1] + _GIVEN_UP
        for width in (2, 4) if encoding == "gb18030" else (2,):
            if at + width > size:
                break
            told = _character(run[at : at + width], encoding)
            if told and (mine := log_frequency(told) + score[at + width]) > score[at]:
                score[at], step[at] = mine, (width, told)
    pieces, at, lost = [], 0, 0
    while at < size:
        width, told = step[at]
        lost += told == LOST
        pieces.append(told)
        at += width
    return re.sub(f"{LOST}+", LOST, "".join(pieces)), lost


@lru_cache(maxsize=65_536)
def _character(data: bytes, encoding: str) -> str:
    """What the bytes are if they are one character, else nothing."""
    try:
        told = data.decode(encoding)
    except UnicodeDecodeError:
        return ""
    return told if len(told) == 1 else ""
