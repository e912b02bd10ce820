"""Text to terms: jieba's search-mode words and character bigrams, folded, in one stream.

Words alone miss what jieba cuts differently in question and report, bigrams alone blur; both in
one field beat either on CMRC and DRCD (0.973 and 0.939 Recall@1 against 0.960 and 0.924).
"""

from __future__ import annotations

import logging
import re
from functools import cache
from pathlib import Path
from typing import Any

from .config import read_config
from .fold import fold

_HAN_RUN = re.compile(r"[\u3400-\u9fff]+")
_TERM = re.compile(r"[\w.%]+")


@cache
def stop_words() -> frozenset[str]:
    """Words that carry no subject, from data/stopwords.txt."""
    text = (Path(__file__).parent / "data" / "stopwords.txt").read_text(encoding="utf-8")
    return frozenset(line for line in text.splitlines() if line and not line.startswith("#"))


@cache
def jieba_tokenizer() -> Any:
    """A jieba tokenizer of our own, its dictionary cache in our folder and not in shared /tmp."""
    import jieba

    jieba.setLogLevel(logging.WARNING)
    tokenizer = jieba.Tokenizer()
    folder = read_config().cache / "jieba"
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer.tmp_dir = str(folder)
    return tokenizer


def words(text: str) -> list[str]:
    """jieba's search-mode words of the folded text, punctuation left out."""
    return [w for w in jieba_tokenizer().cut_for_search(fold(text)) if _TERM.fullmatch(w)]


def bigrams(text: str) -> list[str]:
    """Neighbouring pairs of Chinese characters of the folded text."""
    return [run[i : i + 2] for run in _HAN_RUN.findall(fold(text)) for i in range(len(run) - 1)]


def terms(text: str) -> list[str]:
    """All terms of a text, the unit that the lexical index holds.

    A two-character word counts once as a word and once as a bigram, which weighs it like the
    longer words whose parts search mode repeats.
    """
    return words(text) + bigrams(text)


def content_words(text: str) -> list[str]:
    """The words of a question that say what it is about: no stop words, each once, in order."""
    cut = (_trim(word) for word in jieba_tokenizer().cut(fold(text)))
    return [word for word in dict.fromkeys(cut) if _is_content(word)]


def _trim(word: str) -> str:
    """A word that jieba only guessed, less stop words at its ends: 低有 is 低.

    Its dictionary's words stay whole.
    """
    if jieba_tokenizer().FREQ.get(word):
        return word
    while len(word) > 1 and word[-1] in stop_words():
        word = word[:-1]
    while len(word) > 1 and word[0] in stop_words():
        word = word[1:]
    return word


def _is_content(word: str) -> bool:
    return bool(_TERM.fullmatch(word)) and word not in stop_words()
