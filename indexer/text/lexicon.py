"""Word classes from jieba's dictionary and the user's vocabulary: names, places, verbs."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from .fold import fold
from .segment import Segmenter, plain_tokenizer

# Ideographs and Chinese punctuation only.
CHINESE_TEXT = re.compile(
    r"[\u3400-\u9fff\u3000-\u303f\uff01-\uff5e\u2014\u2018\u2019\u201c\u201d\u2026\u00b7]+"
)
# A text is Chinese if at least this share of it stands in words of jieba's dictionary.
_MIN_WORD_SHARE = 0.5


def is_chinese(text: str) -> bool:
    """Return whether at least half of a text is words of jieba's dictionary of two or more characters.

    Decoding and cleaning tell real text from mojibake by it. An empty text is not Chinese.
    """
    if not text:
        return False
    tokenizer = plain_tokenizer()
    words = [w for w in tokenizer.cut(fold(text), HMM=False) if len(w) > 1]
    return sum(len(w) for w in words if tokenizer.FREQ.get(w)) >= _MIN_WORD_SHARE * len(text)


# jieba's tags of proper names that it rarely gives in error: places, organisations, foreign names.
_NAME_TAGS = (b"ns", b"nt", b"nrt")
# Words that jieba tags as names, but that a passage need not repeat.
_COMMON = frozenset(["中国", "我国", "国内", "全国", "国家", "东西", "大陆", "内地"])
_LATIN = re.compile(r"[a-z][a-z0-9.+-]*")


def is_name(word: str, segmenter: Segmenter) -> bool:
    """Return whether a folded word is a name: Latin, or by the vocabulary or jieba's dictionary a place
    or an organisation."""
    if word in _COMMON or len(word) < 2:
        return False
    if _LATIN.fullmatch(word):
        return True
    return (_own_tag(word, segmenter).encode() or _tag(word)).startswith(_NAME_TAGS)


def is_place(word: str) -> bool:
    """Return whether jieba's dictionary calls a folded word a place."""
    return _tags().get(word, "").startswith("ns")


def is_common_word(text: str, segmenter: Segmenter) -> bool:
    """Return whether a folded text is one word of jieba's dictionary or the vocabulary, and no name."""
    return bool(segmenter.tokenizer.FREQ.get(text)) and not is_name(text, segmenter)


def names_in(text: str, segmenter: Segmenter) -> set[str]:
    """Return the folded words of a text that are nouns or names by the vocabulary or jieba's
    dictionary, or that jieba had to guess."""
    known = segmenter.tokenizer.FREQ
    found = set()
    # Do not use `segmenter.cut`: whole passages would push the short texts out of its cache.
    for word in segmenter.tokenizer.cut(fold(text)):
        guessed = len(word) > 1 and not known.get(word) and not word.isascii() and word.isalpha()
        if guessed or (len(word) > 1 and _class(word, segmenter).startswith("n")):
            found.add(word)
    return found


def holds_place(text: str, segmenter: Segmenter) -> bool:
    """Return whether a folded text has a word that the vocabulary or the dictionary calls a place."""
    return any(
        _class(word, segmenter).startswith("ns")
        for word in segmenter.tokenizer.cut(text)
        if len(word) > 1
    )


def _own_tag(word: str, segmenter: Segmenter) -> str:
    """Return the class that the vocabulary gives a term, or ""."""
    return segmenter.vocabulary.tags.get(word, "")


def _class(word: str, segmenter: Segmenter) -> str:
    return _own_tag(word, segmenter) or _tags().get(word, "")


@cache
def _tags() -> dict[str, str]:
    """Return the word classes of all names and verbs of jieba's dictionary; takes 0.1 s, once."""
    found = re.findall(rb"(?m)^(\S+) \d+ (n[rstz]\w*|v\w*)", _dictionary())
    return {word.decode(): tag.decode() for word, tag in found}


def is_verb(word: str, segmenter: Segmenter) -> bool:
    """Return whether the vocabulary or jieba's dictionary calls a folded word a verb."""
    tag = _class(word, segmenter)
    return tag.startswith("v") and not tag.startswith("vn")


def _tag(word: str) -> bytes:
    """Return the word class of a word in jieba's dictionary, or b"".

    Search by bisection: the lines are in the order of their bytes, except the Latin ones. jieba's
    tagger would take 0.8 s to load, reading all lines 0.04 s.
    """
    data, wanted = _dictionary(), word.encode()
    low, high = 0, len(data)
    while low < high:
        middle = (low + high) // 2
        start = data.rfind(b"\n", 0, middle) + 1
        line = data[start : data.find(b"\n", start)].split()
        if line[0] == wanted:
            return line[2] if len(line) > 2 else b""
        if line[0] < wanted:
            low = data.find(b"\n", middle) + 1
        else:
            high = start
    return b""


@cache
def _dictionary() -> bytes:
    import jieba

    return (Path(jieba.__file__).parent / "dict.txt").read_bytes()
