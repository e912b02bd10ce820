"""Two repairs that need proof: readings behind characters, and GBK bytes read out of step."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any

from indexer.text.fold import fold, fold_chars
from indexer.text.segment import jieba_tokenizer

_READING = re.compile(r"([\u3400-\u9fff])(\(([a-zāáǎàōóǒòēéěèêīíǐìūúǔùüǖǘǚǜńňǹḿ]{1,7})\))")
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


def pinyin_annotations(text: str) -> Iterator[tuple[int, int]]:
    """Spans of `(reading)` that are a reading of the character before them.

    Genuine parentheses stay: `(SEO)` is no reading, and `(lián)` behind a character that is not
    read so is left alone. So is a reading behind a character that both scripts write alike, which
    no converter lacks: a teacher's `重(zhòng)要`.
    """
    for match in _READING.finditer(text):
        if fold_chars(match[1]) != match[1] and match[3] in _readings(match[1]):
            yield match.span(2)


@cache
def _readings(character: str) -> frozenset[str]:
    from pypinyin import Style, pinyin

    (found,) = pinyin(character, style=Style.TONE, heteronym=True)
    return frozenset(found)


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
    tokenizer: Any = jieba_tokenizer()
    tokenizer.check_initialized()
    total, score = math.log(tokenizer.total), 0.0
    for word in tokenizer.cut(fold(text), HMM=False):
        count = tokenizer.FREQ.get(word, 0)
        score += math.log(count) - total if count else _UNKNOWN * len(word)
    return score / max(1, len(text))
