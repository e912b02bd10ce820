"""Text that was decoded with the wrong encoding: repair it where its bytes prove what it was.

Text without proof stays as it is. Each repaired character is an edit of its own if its bytes are
whole characters of the raw text, so that a quotation may begin and end between any two.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import accumulate
from typing import Any

from indexer.text.fold import fold
from indexer.text.lexicon import CHINESE_TEXT, is_chinese
from indexer.text.segment import plain_tokenizer

from .rule import RuleContext
from .trail import Change

# The byte, from 0x80, that a character was: of Windows-1252, or a control character of Latin-1.
_BYTE_OF = {chr(byte): byte for byte in range(0x80, 0x100)} | {
    bytes([byte]).decode("cp1252"): byte
    for byte in range(0x80, 0x100)
    if byte not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
}
_LATIN = re.compile("[" + re.escape("".join(_BYTE_OF)) + "]{2,}")
# Chinese and the other characters of GBK; a rare one among them shows that they were other bytes.
_GBK_RUN = re.compile(
    r"[\u2010-\u33ff\u3400-\u9fff\ue000-\uf8ff\uf900-\ufaff\ufe30-\uffef\u00a4-\u0451]{2,}"
)
_BETWEEN_STOPS = re.compile(r"[^，。：；、！？（）“”《》\s]{2,}")


def _gbk_class(leads: range, trails: range) -> str:
    """Return a regex class of the characters that these pairs of bytes are in GBK."""
    pairs = (bytes([lead, trail]) for lead in leads for trail in trails)
    return "[" + re.escape("".join(pair.decode("gbk", "ignore") for pair in pairs)) + "]"


_HEAD, _TAIL = range(0xE3, 0xF0), range(0x80, 0xC0)
# Two characters in UTF-8 are six bytes, which GBK reads as three characters: head and tail, tail
# and head, tail and tail. Six ideographs of genuine text do not stand so.
UTF8_AS_GBK = (
    "(?:" + "".join(map(_gbk_class, (_HEAD, _TAIL, _TAIL), (_TAIL, _HEAD, _TAIL))) + "){2,}"
)
_UTF8_AS_GBK = re.compile(UTF8_AS_GBK)
# So many characters a run of bytes must give as proof: UTF-8 has strict rules, GBK has next to none.
_MIN_UTF8, _MIN_GBK, _MIN_UTF8_AS_GBK = 1, 3, 4


def find_mojibake(text: str, context: RuleContext) -> Iterator[Change]:
    """Repair UTF-8 or GBK that was read as Latin-1 or Windows-1252, and UTF-8 that was read as GBK.

    >>> [change.inserted for change in find_mojibake("ä¸\\xadå›½", RuleContext())]
    ['中', '国']
    """
    yield from _find_read_as_latin(text)
    for match in _GBK_RUN.finditer(text):
        yield from _find_read_as_gbk(text, match)


def _find_read_as_latin(text: str) -> Iterator[Change]:
    runs = [
        (match.start(), bytes(_BYTE_OF[character] for character in match[0]))
        for match in _LATIN.finditer(text)
    ]
    as_gbk = [decoded for _, data in runs if len(decoded := _decode(data, "gbk")) >= _MIN_GBK]
    # A short run of GBK is no proof by itself, but it is among long runs that are Chinese.
    gbk_proven = is_chinese(
        "".join(decoded for decoded in as_gbk if CHINESE_TEXT.fullmatch(decoded))
    )
    for at, data in runs:
        yield from _repair_utf8(data, at) or (_repair_gbk(data, at) if gbk_proven else [])


def _find_read_as_gbk(text: str, run: re.Match[str]) -> Iterator[Change]:
    """Repair the UTF-8 in a run of GBK characters: the run, else a part, else what is inside one."""
    whole = _repair_utf8_as_gbk(run[0], run.start())
    yield from whole
    # Genuine punctuation may stand around the bytes, or be some of them.
    parts = [] if whole else _BETWEEN_STOPS.finditer(text, run.start(), run.end())
    for part in parts:
        changes = _repair_utf8_as_gbk(part[0], part.start())
        yield from changes
        # Genuine text, or a character with a lost byte, may stand before the bytes in one part.
        inside = [] if changes else _UTF8_AS_GBK.finditer(text, part.start(), part.end())
        for inner in inside:
            yield from _repair_utf8_as_gbk(inner[0], inner.start())


def _repair_utf8(data: bytes, at: int) -> list[Change]:
    """Return the changes for UTF-8 whose bytes stand as one character each from offset `at`."""
    decoded = _decode(data, "utf-8")
    if len(decoded) < _MIN_UTF8 or not CHINESE_TEXT.fullmatch(decoded):
        return []
    return _changes_by_character(decoded, at, [len(c.encode()) for c in decoded])


def _repair_gbk(data: bytes, at: int) -> list[Change]:
    """Return the changes for GBK whose bytes stand as one character each from offset `at`."""
    decoded = _decode(data, "gbk")
    if not CHINESE_TEXT.fullmatch(decoded):
        return []
    return _changes_by_character(decoded, at, [len(c.encode("gbk")) for c in decoded])


def _changes_by_character(decoded: str, at: int, sizes: list[int]) -> list[Change]:
    """Return a change for each character; `sizes` are the raw characters that it replaces."""
    ends = list(accumulate(sizes))
    return [
        Change(at + end - size, at + end, character)
        for character, size, end in zip(decoded, sizes, ends, strict=True)
    ]


def _repair_utf8_as_gbk(run: str, at: int) -> list[Change]:
    """Return the changes for UTF-8 read as GBK: three raw characters are two of the report.

    A run in which bytes were lost ends inside a character, which stays as it is.
    """
    data = run.encode("gb18030")
    try:
        decoded = data.decode("utf-8")
    except UnicodeDecodeError as error:
        decoded = data[: error.start].decode("utf-8")
    is_proven = len(decoded) >= _MIN_UTF8_AS_GBK and CHINESE_TEXT.fullmatch(decoded)
    if not is_proven or not is_chinese(decoded):
        return []
    # An edit ends where a raw character and a repaired one end at the same byte.
    raw_ends = {
        end: n for n, end in enumerate(accumulate(len(c.encode("gb18030")) for c in run), 1)
    }
    changes, start, decoded_start = [], 0, 0
    for n, end in enumerate(accumulate(len(c.encode()) for c in decoded), 1):
        if end in raw_ends:
            changes.append(Change(at + start, at + raw_ends[end], decoded[decoded_start:n]))
            start, decoded_start = raw_ends[end], n
    return changes


def _decode(data: bytes, encoding: str) -> str:
    """Return the decoded bytes, or an empty text if they are not in this encoding."""
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return ""


# One or two marks stand for a lost lead byte, and for a full stop before it if they are two; then
# the ideographs are read one byte late; the last trail byte is left over and is ASCII.
_SHIFTED_RUN = re.compile(r"([?\ufffd]{1,2})([\u3400-\u9fff\ue000-\uf8ff]{2,60})([@-~])")
_LEAD_BYTES = range(0x81, 0xFF)
_STOPS = "。！？；：，、!?;:,\n"
# A repair must be likelier than the text that stands there by so many nats a character. Measured
# on the seed report's run: 7.3; on 2,000 ordinary runs behind question marks none came above 0.
_MIN_GAIN = 3.0
# The log-probability of each character of a word that jieba's dictionary lacks, in nats.
_UNKNOWN = -20.0


def find_shifted_gbk(text: str, context: RuleContext) -> Iterator[Change]:
    """Repair runs of GBK text whose first lead byte was lost, so that it is read one byte late.

    Each possible lead byte is put before the bytes of the run. The likeliest reading by jieba's
    dictionary wins, if it is much likelier than the text that stands there.
    """
    for match in _SHIFTED_RUN.finditer(text):
        marks, run, trail_byte = match.groups()
        repaired = _shift_back(run + trail_byte)
        if repaired is None:
            continue
        before = text[match.start() - 1] if match.start() else "\n"
        start = match.start()
        if len(marks) == 2 and before not in _STOPS:
            # The first mark stands for a full stop. It is an edit of its own, so that a sentence
            # may end with it.
            yield Change(start, start + 1, "。")
            start += 1
        yield Change(start, match.end(), repaired)


# Cached, since a site repeats one mark thousands of times in a text and a run takes 0.6 ms.
@lru_cache(maxsize=4096)
def _shift_back(run: str) -> str | None:
    """Return the likeliest reading of a run behind a lost lead byte, or None without proof."""
    try:
        data = run.encode("gbk")
    except UnicodeEncodeError:
        return None
    decoded = (_decode(bytes([lead]) + data, "gbk") for lead in _LEAD_BYTES)
    readings = [reading for reading in decoded if reading]
    if not readings:
        return None
    best = max(readings, key=_likelihood)
    return best if _likelihood(best) - _likelihood(run) >= _MIN_GAIN else None


def _likelihood(text: str) -> float:
    """Return the log-likelihood in nats a character of the text as jieba's dictionary cuts it."""
    tokenizer: Any = plain_tokenizer()
    tokenizer.check_initialized()
    total, score = math.log(tokenizer.total), 0.0
    for word in tokenizer.cut(fold(text), HMM=False):
        count = tokenizer.FREQ.get(word, 0)
        score += math.log(count) - total if count else _UNKNOWN * len(word)
    return score / max(1, len(text))
