"""What jieba's dictionary knows of a word: names, places, verbs."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from .fold import fold
from .segment import jieba_tokenizer, segmenter

_CHINESE = re.compile(
    r"[\u3400-\u9fff\u3000-\u303f\uff01-\uff5e\u2014\u2018\u2019\u201c\u201d\u2026\u00b7]+"
)


# The share of what GBK's bytes give that must stand in words of jieba's dictionary.
_IN_WORDS = 0.5


def is_chinese(told: str) -> bool:
    """Whether half of it, if there is any, stands in words of two characters or more of jieba's
    dictionary."""
    if not told:
        return False
    tokenizer = jieba_tokenizer()
    words = [w for w in tokenizer.cut(fold(told), HMM=False) if len(w) > 1]
    return sum(len(w) for w in words if tokenizer.FREQ.get(w)) >= _IN_WORDS * len(told)


# jieba's tags of proper names that it rarely gives in error: places, organisations, foreign names.
_NAME_TAGS = (b"ns", b"nt", b"nrt")


# Tagged as names and yet no names that a passage would have to repeat.
_COMMON = frozenset(["中国", "我国", "国内", "全国", "国家", "东西", "大陆", "内地"])


_LATIN = re.compile(r"[a-z][a-z0-9.+-]*")


def is_name(word: str) -> bool:
    """Whether a word is a place's or an organisation's name by jieba's dictionary, or is Latin."""
    if word in _COMMON or len(word) < 2:
        return False
    if _LATIN.fullmatch(word):
        return True
    return (_own_tag(word).encode() or _tag(word)).startswith(_NAME_TAGS)


def names_in(text: str) -> set[str]:
    """Words of a text that jieba's dictionary calls a name, or that jieba had to guess."""
    known = jieba_tokenizer().FREQ
    found = set()
    for word in jieba_tokenizer().cut(fold(text)):
        guessed = len(word) > 1 and not known.get(word) and not word.isascii() and word.isalpha()
        if guessed or (len(word) > 1 and _class(word).startswith("n")):
            found.add(word)
    return found


def holds_place(text: str) -> bool:
    """Whether a folded text has a word that jieba's dictionary calls a place."""
    return any(
        _class(word).startswith("ns") for word in jieba_tokenizer().cut(text) if len(word) > 1
    )


def _own_tag(word: str) -> str:
    """The class that the vocabulary gives a term."""
    return segmenter().vocabulary.tags.get(word, "")


def _class(word: str) -> str:
    return _own_tag(word) or _tags().get(word, "")


@cache
def _tags() -> dict[str, str]:
    """The word classes of all names and verbs of jieba's dictionary: 0.1 s, once."""
    found = re.findall(rb"(?m)^(\S+) \d+ (n[rstz]\w*|v\w*)", _dictionary())
    return {word.decode(): tag.decode() for word, tag in found}


def is_verb(word: str) -> bool:
    """Whether jieba's dictionary calls a word a verb."""
    tag = _class(word)
    return tag.startswith("v") and not tag.startswith("vn")


def _tag(word: str) -> bytes:
    """The word class in jieba's dictionary, found without loading its tagger (0.8 s) or reading all
    lines (0.04 s): the lines are in the order of their bytes, but for the Latin ones."""
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
