"""Text to terms: jieba's search-mode words and character bigrams, folded, in one stream.

Words alone miss what jieba cuts differently in question and report, bigrams alone blur; both in
one field beat either on CMRC and DRCD (0.973 and 0.939 Recall@1 against 0.960 and 0.924).
"""

from __future__ import annotations

import logging
import re
from functools import cache
from typing import Any

from .config import read_config
from .fold import fold

_HAN_RUN = re.compile(r"[\u3400-\u9fff]+")
_TERM = re.compile(r"[\w.%]+")

# Words that carry no subject. They stay in the index (phrases are matched with them) but say
# nothing about whether a passage answers a question.
STOP_WORDS = frozenset(
    "的 了 和 与 及 或 在 是 有 为 对 于 从 到 等 也 都 就 还 而 但 其 这 那 它 他 她 们 我 你 您 吗 呢 吧 啊 "
    "被 把 将 让 使 会 能 可 可以 以 之 中 上 下 个 一 些 这个 那个 这些 那些 一个 一些 一种 什么 哪 哪些 哪个 哪几 "
    "哪一 哪种 哪里 谁 多少 几 几个 几种 怎么 怎样 如何 为什么 为何 是否 有没有 是不是 会不会 能不能 请问 "
    "大约 大概 约 包括 分别 具体 以及 关于 进行 通过 由 因为 所以 因 并 且 并且 以下 方面 主要 情况 说 讲 "
    "指 指的 叫 做 用 来 去 要 不 没 没有 很 更 最 较 已 已经 被 给 向 按 据 如 年 月 日 报告 介绍 告诉 列出 "
    "哪项 哪两 哪三 哪家 何 何种 何时 时候 之间 其中 属于 得 地 着 过 时 后 前 里 内 外 又 再 才 只 各 每 该 本 "
    "此 某 "
    "提到 提出 采用 采取 什么样 怎么样 好处 作用 特点 影响 具有 带来 达到 水平 认为 表示 大家 现在 背后".split()
)


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
    return [w for w in dict.fromkeys(jieba_tokenizer().cut(fold(text))) if _is_content(w)]


def _is_content(word: str) -> bool:
    return bool(_TERM.fullmatch(word)) and word not in STOP_WORDS
