"""A follow-up to a question that stands alone, by rules over the questions before it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from indexer.fold import fold

from .question import years_in

# 那2020年呢 / 那云计算呢? / 安全方面呢 / 偏远地区又是多少
_AND_WHAT = re.compile(
    r"^(?:那么|那|至于|还有|再说)?(?P<topic>[^,?？，。]{1,20}?)(?:方面)?(?:又)?(?:呢|又是多少|又如何|又怎样|怎么样呢)[?？]?$"
)
_PRONOUN = re.compile(
    r"^(?:那么|那)?(?P<pronoun>它们|他们|她们|它|其|这项技术|该技术|这种技术|这个|这些|这|该)(?!样|里|份|次|家|本|报告)"
)
_INNER_PRONOUN = re.compile(r"(?:它们|它|其(?=[中他]?的))")
_ORDINAL = re.compile(r"(?:第(?P<n>[一二三四五六七八九十\d]{1,2})|(?P<last>最后一))[个项点条种类]?")
_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九十")}
# Where the subject of a question ends: what follows asks something about it.
_PREDICATE = re.compile(
    r"(?:在.{1,12}?(?:里|中|方面|上))?(?:的?(?:作用|特点|优点|缺点|用途|定义|含义|原因|规模|比例|影响)?)?"
    r"(?:是(?:什么|多少|怎么|如何|哪|谁|指|一)|有(?:什么|哪|何|几|多)|为什么|为何|怎么|怎样|如何|能(?:做|带)|会(?:带|有)"
    r"|[\u3400-\u9fff]{2}了(?:多少|什么|哪|几)|适合|可以|包括|包含|指什么|指的|集中|面临|占|达到|属于)"
)
_LEADING_ASK = re.compile(
    r"^(?:请问|什么是|何谓|何为|什么叫|为什么|哪些是|介绍一下|介绍|说说|谈谈|讲讲)"
)


def stand_alone(
    question: str,
    history: Sequence[str],
    items_of: Callable[[str], Sequence[str]],
) -> str:
    """The question as it would be asked without the ones before it.

    Args:
        history: earlier questions, oldest first.
        items_of: the labels of the list that answers an earlier question, in order; empty if its
            answer is no list.
    """
    if not history:
        return question
    before = history[0]
    for earlier in history[1:]:
        before = _resolve(earlier, before, items_of)
    return _resolve(question, before, items_of)


def _resolve(question: str, before: str, items_of: Callable[[str], Sequence[str]]) -> str:
    folded = fold(question).strip()
    ordinal = _ORDINAL.search(folded)
    if ordinal and len(folded) <= 20:
        item = _item(ordinal, items_of(before))
        if item is not None:
            rest = folded[: ordinal.start()] + folded[ordinal.end() :]
            return f"{item}{rest}"
    match = _AND_WHAT.match(folded)
    if match:
        return _replace_topic(fold(before), match["topic"])
    match = _PRONOUN.match(folded)
    if match:
        return f"{topic_of(before)}{folded[match.end() :]}"
    inner = _INNER_PRONOUN.search(folded)
    if inner:
        return f"{folded[: inner.start()]}{topic_of(before)}{folded[inner.end() :]}"
    return question


def _item(ordinal: re.Match[str], items: Sequence[str]) -> str | None:
    if not items:
        return None
    if ordinal["last"]:
        return items[-1]
    number = _number(ordinal["n"])
    return items[number - 1] if 1 <= number <= len(items) else None


def _number(text: str) -> int:
    """Reads 1-99 in digits or Chinese numerals.

    >>> _number("十二"), _number("二十"), _number("7")
    (12, 20, 7)
    """
    if text.isdigit():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    return (_DIGITS.get(tens, 1) * 10 if ten else 0) + _DIGITS.get(ones, 0)


def topic_of(question: str) -> str:
    """What a question is about: the words before it asks something of them.

    >>> topic_of("什么是内容营销?"), topic_of("区块链技术有什么用?")
    ('内容营销', '区块链技术')
    """
    folded = _LEADING_ASK.sub("", fold(question).strip().rstrip("?？。呢吗"))
    match = _PREDICATE.search(folded)
    return folded[: match.start()] if match and match.start() > 0 else folded


def _replace_topic(before: str, topic: str) -> str:
    """The earlier question about another year, or about another thing."""
    old_years, new_years = years_in(before), years_in(topic) or years_in(topic + "年")
    if new_years and re.fullmatch(r"(?:到|在)?\d{4}年?", topic):
        if old_years:
            return before.replace(old_years[-1], new_years[0])
        return f"{new_years[0]}年{before}"
    old = topic_of(before)
    return (
        before.replace(old, topic, 1) if old and old != before.rstrip("?？") else f"{topic}{before}"
    )
