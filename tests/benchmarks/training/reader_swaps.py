"""Pairs of groups that differ in one word: question and text agree in it, or only one of them has it.

A word that the question shares with a text that answers is changed in the question, in the text, in both.
Where both have the same word the text answers, else it does not. So neither the question nor the text
tells by itself, nor how many words they share: the reader has to compare them word by word
(counterfactual augmentation, Kaushik et al. 2020). Texts with their evidence cut out go the same way.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from .reader_groups import Group

# Words that stand for one another in near misses, in both directions.
_OPPOSITES = (
    "计划 实际", "目标 完成", "预计 实际", "增长 下降", "增加 减少", "上升 下降", "最高 最低", "最大 最小",
    "收入 支出", "买入 卖出", "境内 境外", "国内 国外", "城镇 农村", "城镇 乡村", "进口 出口", "期末 期初",
    "年末 年初", "本年 上年", "上半年 下半年", "同比 环比", "单价 总价", "甲方 乙方", "申请 批准", "新增 累计",
    "直接 间接", "短期 长期", "流入 流出", "线上 线下", "资产 负债", "收购 出售", "优点 缺点", "优势 劣势",
    "原因 影响", "首次 末次", "内部 外部", "开工 竣工", "招标 投标", "出租 承租", "全国 全省", "全市 全县",
    "母公司 子公司", "供应商 客户", "董事 监事", "发行 回购", "借方 贷方", "产量 销量", "营业 投资", "毛利 净利",
)  # fmt: skip
# What makes another measure of a noun when it stands in front of it.
_MODIFIERS = (
    "人均", "单位", "每吨", "同比", "环比", "新增", "累计", "目标", "预计", "上年", "上半年", "海外", "境外",
    "农村", "最低", "最高", "平均", "未经审计的", "子公司", "女性", "规模以上", "在建", "闲置", "二手", "非",
)  # fmt: skip
_NOUNS = ("n", "nz", "nr", "ns", "nt", "v", "j", "t")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_CLAUSE = re.compile(r"[^,。;!?\n|]+[,。;!?\n|]?")
# A word of more than this share of all questions tells nothing (公司, 多少); a word has two characters.
_COMMON, _LEAST = 0.02, 2
# Of each text this many words are changed; a text that is cut keeps so many characters.
_WORDS_EACH, _LEAST_LEFT = 2, 12
# How many of the texts that do not answer stay beside a pair.
_MOST_OTHERS = 10


@dataclass(frozen=True, slots=True)
class Words:
    """Words by class, and how common each is in questions."""

    by_class: dict[str, list[str]]
    common: frozenset[str]


@cache
def classes_of(text: str) -> dict[str, str]:
    """Return the words of a text that may be changed, with their class."""
    import jieba.posseg

    found = {}
    for word, tag in jieba.posseg.cut(text):
        kind = tag if tag in ("nr", "ns", "nt", "nz") else tag[:1]
        if kind in _NOUNS and len(word) >= _LEAST and not re.search(r"[\d\s]", word):
            found[word] = kind
    return found


def read_words(groups: Sequence[Group]) -> Words:
    """Collect the words of the questions of groups."""
    counts: Counter[str] = Counter()
    by_class: dict[str, list[str]] = defaultdict(list)
    for group in groups:
        for word, kind in classes_of(group.question).items():
            if not counts[word]:
                by_class[kind].append(word)
            counts[word] += 1
    limit = max(3.0, _COMMON * len(groups))
    return Words(dict(by_class), frozenset(w for w, n in counts.items() if n > limit))


def make_swaps(groups: Sequence[Group], share: float, seed: int = 1) -> Iterator[Group]:
    """Yield groups with a word changed, of as many answerable groups as `share` says."""
    rng = np.random.default_rng(seed)
    words = read_words(groups)
    spoken = {g.pair: g for g in groups if g.pair and g.wording == "colloquial" and g.answerable}
    for group in groups:
        right = [pair for pair, label in zip(group.texts, group.labels, strict=True) if label][:2]
        if not group.answerable or not right or rng.random() >= share:
            continue
        changes = _changes(group, right[0], words, rng)
        for word, other in changes[:_WORDS_EACH]:
            yield from _swap(group, right, word, other, rng)
            twin = spoken.get(group.pair) if group.wording == "formal" else None
            lay = twin is not None and word in right[0][1]
            if lay and word not in twin.question and other not in twin.question:
                yield _mixed(
                    twin, right, [_change(p, word, other) for p in right], other, "swap_lay"
                )


def _changes(
    group: Group, right: tuple[str, str], words: Words, rng: np.random.Generator
) -> list[tuple[str, str]]:
    """Return changes of words that question and text share, in a random order, opposites first."""
    context, text = right
    whole = f"{context}\n{text}"
    found = []
    for pair in _OPPOSITES:
        a, b = pair.split()
        for word, other in ((a, b), (b, a)):
            if word in group.question and word in whole and other not in group.question + whole:
                found.append((word, other))
    shared = {
        word: kind
        for word, kind in classes_of(group.question).items()
        if word in whole and word not in words.common
    }
    near = _near_words(group, whole)
    for word in rng.permutation(sorted(shared)).tolist() if shared else []:
        kind, draw = shared[word], rng.random()
        if draw < 0.25 and kind in ("n", "v", "nz") and word in text:
            other = str(rng.choice(_MODIFIERS)) + word
        else:
            of_kind = near.get(kind, []) if draw < 0.7 else []
            of_kind = of_kind or words.by_class.get(kind, [])
            other = str(rng.choice(of_kind)) if of_kind else ""
        if (
            other
            and other not in group.question + whole
            and (len(word) < len(other) or other not in word)
        ):
            found.append((word, other))
    years = [year for year in set(_YEAR.findall(group.question)) if year in whole]
    if years and rng.random() < 0.5:
        year = str(rng.choice(sorted(years)))
        other = str(int(year) + int(rng.choice([-3, -2, -1, 1, 2])))
        if other not in group.question + whole:
            found.insert(int(rng.integers(0, 2)), (year, other))
    return found


def _near_words(group: Group, whole: str) -> dict[str, list[str]]:
    """Return the words of the texts beside the right one that it does not have, by class."""
    near: dict[str, list[str]] = defaultdict(list)
    wrong = [text for (_, text), label in zip(group.texts, group.labels, strict=True) if not label]
    for text in wrong[:4]:
        for word, kind in classes_of(text).items():
            if word not in whole and word not in group.question:
                near[kind].append(word)
    return near


def _swap(
    group: Group,
    right: Sequence[tuple[str, str]],
    word: str,
    other: str,
    rng: np.random.Generator,
) -> Iterator[Group]:
    changed = [_change(pair, word, other) for pair in right]
    asked = group.question.replace(word, other)
    yield _mixed(group, right, changed, other, "swap")
    yield _mixed(replace(group, question=asked), changed, right, other, "swapped")
    if rng.random() < 0.5:
        miss = _mixed(replace(group, question=asked), (), right, other, "word_swapped")
        yield replace(miss, answerable=False)


def _change(pair: tuple[str, str], word: str, other: str) -> tuple[str, str]:
    return pair[0].replace(word, other), pair[1].replace(word, other)


def _mixed(
    group: Group,
    right: Sequence[tuple[str, str]],
    wrong: Sequence[tuple[str, str]],
    other: str,
    kind: str,
) -> Group:
    """Return a group of texts that answer, their likes that do not, and the wrong ones of the group."""
    rest = [
        pair
        for pair, label in zip(group.texts, group.labels, strict=True)
        if not label and other not in pair[0] + pair[1]
    ]
    texts = (*right, *wrong, *rest[:_MOST_OTHERS])
    labels = (1,) * len(right) + (0,) * (len(texts) - len(right))
    return replace(group, kind=kind, texts=texts, labels=labels)


def make_cuts(groups: Sequence[Group], share: float, seed: int = 2) -> Iterator[Group]:
    """Yield groups whose right text stands beside itself without its evidence.

    Another clause is cut from the right one, so that what is cut does not tell by itself.
    """
    rng = np.random.default_rng(seed)
    for group in groups:
        right = [pair for pair, label in zip(group.texts, group.labels, strict=True) if label]
        if not group.answerable or not right or rng.random() >= share:
            continue
        for context, text in right[:1]:
            if not group.evidence or not all(e in text for e in group.evidence):
                continue
            held = group.evidence[-1]
            bare = _without_clause(text, held) if rng.random() < 0.6 else text.replace(held, "")
            other = _without_other(text, group.evidence, rng)
            if len(bare) >= _LEAST_LEFT:
                yield _mixed(group, [(context, other)], [(context, bare)], "\0", "cut")


def _without_clause(text: str, held: str) -> str:
    at = text.index(held)
    kept = [
        m.group() for m in _CLAUSE.finditer(text) if m.end() <= at or m.start() >= at + len(held)
    ]
    return "".join(kept)


def _without_other(text: str, evidence: Sequence[str], rng: np.random.Generator) -> str:
    """Return the text without a clause that is not evidence, if it has one."""
    taken = [(text.index(e), text.index(e) + len(e)) for e in evidence]
    free = [
        m
        for m in _CLAUSE.finditer(text)
        if all(m.end() <= start or m.start() >= end for start, end in taken)
    ]
    if not free:
        return text
    match = free[int(rng.integers(len(free)))]
    return text[: match.start()] + text[match.end() :]
