"""Text that was decoded with the wrong encoding, taken back where its bytes prove what it was.

What cannot be proven stays as it is. Each repaired character is an edit of its own where its bytes
make whole characters of the raw text, so that a quotation may begin and end between any two.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import accumulate
from typing import Any

from indexer.text.fold import fold
from indexer.text.lexicon import _CHINESE, is_chinese
from indexer.text.segment import plain_tokenizer

from .trail import Change

# What a byte from 0x80 may have become: its Windows-1252 character, or the control character.
_BYTE_OF = {chr(byte): byte for byte in range(0x80, 0x100)} | {
    bytes([byte]).decode("cp1252"): byte
    for byte in range(0x80, 0x100)
    if byte not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
}
_LATIN = re.compile("[" + re.escape("".join(_BYTE_OF)) + "]{2,}")
# Chinese and what GBK has beside it; a rare sign among these is what gives the bytes away.
_GBK_RUN = re.compile(
    r"[\u2010-\u33ff\u3400-\u9fff\ue000-\uf8ff\uf900-\ufaff\ufe30-\uffef\u00a4-\u0451]{2,}"
)
_BETWEEN_STOPS = re.compile(r"[^，。：；、！？（）“”《》\s]{2,}")


def _gbk_class(leads: range, trails: range) -> str:
    """A character class of what GBK makes of these pairs of bytes."""
    pairs = (bytes([lead, trail]) for lead in leads for trail in trails)
    return "[" + re.escape("".join(pair.decode("gbk", "ignore") for pair in pairs)) + "]"


_HEAD, _TAIL = range(0xE3, 0xF0), range(0x80, 0xC0)
# Two characters in UTF-8 are six bytes, which GBK reads as three characters: head and tail, tail
# and head, tail and tail. Six ideographs of genuine text do not stand so.
UTF8_AS_GBK = (
    "(?:" + "".join(map(_gbk_class, (_HEAD, _TAIL, _TAIL), (_TAIL, _HEAD, _TAIL))) + "){2,}"
)
_INSIDE = re.compile(UTF8_AS_GBK)
# The least that a run of bytes must give to prove itself: UTF-8 has rules, GBK has next to none.
_LEAST_UTF8, _LEAST_GBK, _LEAST_DOUBLE = 1, 3, 4


def mojibake(text: str) -> Iterator[Change]:
    """UTF-8 or GBK that was read as Latin-1, and UTF-8 that was read as GBK.

    >>> [c.inserted for c in mojibake("ä¸\\xadå›½")]
    ['中', '国']
    """
    runs = [
        (match.start(), bytes(_BYTE_OF[character] for character in match[0]))
        for match in _LATIN.finditer(text)
    ]
    gbk = [told for _, raw in runs if len(told := _decoded(raw, "gbk")) >= _LEAST_GBK]
    # A short run proves nothing by itself, but it does among long ones that are Chinese.
    proven = is_chinese("".join(told for told in gbk if _CHINESE.fullmatch(told)))
    for at, raw in runs:
        yield from _as_utf8(raw, at) or (_as_gbk(raw, at) if proven else [])
    for match in _GBK_RUN.finditer(text):
        whole = _double(match[0], match.start())
        # Whole punctuation may stand around it, or be a part of the bytes.
        parts = [] if whole else _BETWEEN_STOPS.finditer(text, match.start(), match.end())
        yield from whole
        for part in parts:
            changes = _double(part[0], part.start())
            yield from changes
            # Genuine text, or a lost byte, may stand before it in one run.
            inside = [] if changes else _INSIDE.finditer(text, part.start(), part.end())
            for inner in inside:
                yield from _double(inner[0], inner.start())


def _as_utf8(raw: bytes, at: int) -> list[Change]:
    """One edit a character: each byte is one character of the raw text."""
    told = _decoded(raw, "utf-8")
    if len(told) < _LEAST_UTF8 or not _CHINESE.fullmatch(told):
        return []
    return _by_character(told, at, [len(c.encode()) for c in told])


def _as_gbk(raw: bytes, at: int) -> list[Change]:
    told = _decoded(raw, "gbk")
    if not _CHINESE.fullmatch(told):
        return []
    return _by_character(told, at, [len(c.encode("gbk")) for c in told])


def _by_character(told: str, at: int, sizes: list[int]) -> list[Change]:
    ends = list(accumulate(sizes))
    return [
        Change(at + end - size, at + end, character)
        for character, size, end in zip(told, sizes, ends, strict=True)
    ]


def _double(run: str, at: int) -> list[Change]:
    """UTF-8 read as GBK: three characters of the raw text are two of the report.

    Where bytes were lost the run ends inside a character, which stays as it is.
    """
    raw = run.encode("gb18030")
    try:
        told = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        told = raw[: error.start].decode("utf-8")
    if len(told) < _LEAST_DOUBLE or not _CHINESE.fullmatch(told) or not is_chinese(told):
        return []
    # Where the bytes of both end together, one edit ends.
    raw_ends = {
        end: n for n, end in enumerate(accumulate(len(c.encode("gb18030")) for c in run), 1)
    }
    changes, start, told_start = [], 0, 0
    for n, end in enumerate(accumulate(len(c.encode()) for c in told), 1):
        if end in raw_ends:
            changes.append(Change(at + start, at + raw_ends[end], told[told_start:n]))
            start, told_start = raw_ends[end], n
    return changes


def _decoded(raw: bytes, encoding: str) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        return ""


# One or two marks stand for the lost lead byte (two: and for a full stop before it); then the
# ideographs read one byte late; then the last trail byte, which is ASCII when the run ends.
_OUT_OF_STEP = re.compile(r"([?\ufffd]{1,2})([\u3400-\u9fff\ue000-\uf8ff]{2,60})([@-~])")


_LEADS = range(0x81, 0xFF)


_STOPS = "。！？；：，、!?;:,\n"


# A repair must read this many nats a character likelier than what stands there. Measured on the
# seed report's run: 7.3; on 2,000 ordinary runs behind question marks none came above 0.
_PROOF = 3.0


# jieba has no entry for a character on its own: the cost of an unknown one, in nats.
_UNKNOWN = -20.0


def gbk_out_of_step(text: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, repaired) for runs of GBK text whose first lead byte was lost.

    The bytes of the run are put back in step behind each possible lead byte; the reading that
    jieba's dictionary finds likeliest wins, if it is much likelier than what stands there.
    """
    for match in _OUT_OF_STEP.finditer(text):
        marks, run, trail = match.groups()
        best = _put_in_step(run + trail)
        if best is None:
            continue
        before = text[match.start() - 1] if match.start() else "\n"
        start = match.start()
        if len(marks) == 2 and before not in _STOPS:
            # The first mark stands for the stop; an edit of its own, so that a sentence may end in it.
            yield start, start + 1, "。"
            start += 1
        yield start, match.end(), best


# A mark that a site repeats stands in a text thousands of times; a look takes 0.6 ms.
@lru_cache(maxsize=4096)
def _put_in_step(run: str) -> str | None:
    """The likeliest reading of a run behind a lost lead byte, if it proves itself."""
    try:
        rest = run.encode("gbk")
    except UnicodeEncodeError:
        return None
    readings = [r for lead in _LEADS if (r := _decode(bytes([lead]) + rest)) is not None]
    if not readings:
        return None
    best = max(readings, key=_likelihood)
    return best if _likelihood(best) - _likelihood(run) >= _PROOF else None


def _decode(data: bytes) -> str | None:
    try:
        return data.decode("gbk")
    except UnicodeDecodeError:
        return None


def _likelihood(text: str) -> float:
    """Log-likelihood a character of the best cut, by the frequencies of jieba's dictionary."""
    tokenizer: Any = plain_tokenizer()
    tokenizer.check_initialized()
    total, score = math.log(tokenizer.total), 0.0
    for word in tokenizer.cut(fold(text), HMM=False):
        count = tokenizer.FREQ.get(word, 0)
        score += math.log(count) - total if count else _UNKNOWN * len(word)
    return score / max(1, len(text))
