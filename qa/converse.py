"""A follow-up to a question that stands alone, by rules over the questions before it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from indexer.fold import fold
from indexer.segment import content_words, jieba_tokenizer, split_guess

from .question import is_verb, years_in

# 那2020年呢 / 那云计算呢? / 安全方面呢 / 偏远地区又是多少
_AND_WHAT = re.compile(
    r"^(?:那么|那|至于|还有|再说)?(?P<topic>[^,?？，。]{1,20}?)(?:方面)?(?:又)?(?:呢|又是多少|又如何|又怎样|怎么样呢)[?？]?$"
)
# 2018年? after a question about another year.
_YEAR_ALONE = re.compile(r"^(?:那么|那|到|在)?(?P<topic>\d{4}年?)[?？]?$")
# A pronoun that stands for the subject: not 其他, 其中, 这样, 这个行业.
_PRONOUN = re.compile(
    r"^(?:那么|那)?(?:(?P<it>它们|他们|她们|它)|其(?![他中余次它实])|(?:这|该)(?P<noun>[项种类个]?\S{2})(?=.))"
)
_INNER_PRONOUN = re.compile(r"(?:它们|它|其(?=[中他]?的))")
# 第二个, 最后一项; not 第三方, 第二章, 第三季度.
_ORDINAL = re.compile(
    r"(?:(?P<back>倒数)?第(?P<n>[一二三四五六七八九十\d]{1,2})|(?P<last>最后一))(?:[个项点条种类](?!企业|市场|公司)|(?=呢|具体|是什么|怎))"
)
_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九十")}
_LEADING_ASK = re.compile(
    r"^(?:请问|什么是|何谓|何为|什么叫|为什么|哪些是|其中的?|介绍一下|介绍|说说|谈谈|讲讲)+"
)
# Words that end the subject of a question: what follows asks something of it.
_ENDS_SUBJECT = frozenset(
    "的 在 是 有 了 对 会 能 可以 将 要 和 与 用 做 被 让 使 指 指的 讲 说 谈 也 都 就 还 又 什么 哪 哪些 哪个 哪几 "
    "多少 几 谁 为什么 为何 怎么 怎样 如何 是不是 是否 有没有 能不能 会不会 适合 面临 包括 包含 占 达到 属于 分为".split()
)
_AFTER_VERB = frozenset("了 什么 哪 哪些 哪个 哪几 多少 几 谁".split())
# The subject of a question around its year.
_SUBJECT = re.compile(r"(?:\d{4}年的?)?(?P<who>.+?)(?:的?\d{4}年.*)?")
# 具体有哪些措施? has no subject of its own: it goes on about what was asked before. With more
# words than one it has: 如何降低果蔬的损耗率 stands alone.
_BARE_WORDS = 1
_BARE = re.compile(
    r"^(?:那么|那)?(?:具体|还|都|又|分别|主要|一共|总共)*(?:有哪|有什么|有几|包括|包含|是什么|是多少|是指|指的?是?什么"
    r"|怎么做|怎么办|怎样|如何|为什么|为何|原因|举例|展开|详细|要怎么|该怎么|应该怎么)"
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
    resolved: list[str] = []
    for asked in (*history, question):
        resolved.append(_resolve(asked, resolved, items_of) if resolved else asked)
    return resolved[-1]


def _resolve(question: str, before: Sequence[str], items_of: Callable[[str], Sequence[str]]) -> str:
    """`before`: the questions before this one, each standing alone."""
    folded = fold(question).strip()
    last = before[-1]
    ordinal = _ORDINAL.search(folded)
    if ordinal and len(folded) <= 20:
        # Of the newest question that was answered by a list; one that it does not have stays open.
        items = next((found for b in reversed(before) if (found := items_of(b))), ())
        item = _item(ordinal, items)
        if item is not None:
            folded = f"{folded[: ordinal.start()]}{item}{folded[ordinal.end() :]}"
            match = _AND_WHAT.match(folded)
            # 第一个怎么做? 那第四个呢: the one before asked of an item too.
            return (
                _replace_topic(fold(last), match["topic"]) if match and len(before) > 1 else folded
            )
        return question
    match = _AND_WHAT.match(folded) or _YEAR_ALONE.match(folded)
    if match:
        return _replace_topic(fold(last), match["topic"])
    match = _PRONOUN.match(folded)
    if match and (match["noun"] is None or match["noun"].lstrip("项种类个") in topic_of(last)):
        return f"{topic_of(last)}{folded[match.end() :]}"
    inner = _INNER_PRONOUN.search(folded)
    if inner:
        return f"{folded[: inner.start()]}{topic_of(last)}{folded[inner.end() :]}"
    if _BARE.match(folded) and len(content_words(folded)) <= _BARE_WORDS:
        return f"{last.rstrip('?？。吗呢')}，{folded}"
    return question


def _item(ordinal: re.Match[str], items: Sequence[str]) -> str | None:
    if not items:
        return None
    if ordinal["last"]:
        return items[-1]
    number = _number(ordinal["n"])
    in_order = items[::-1] if ordinal["back"] else items
    return in_order[number - 1] if 1 <= number <= len(items) else None


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
    """What a question is about: its first words, up to what it asks of them.

    >>> topic_of("什么是内容营销?"), topic_of("公路承担了多少货运量?")
    ('内容营销', '公路')
    """
    folded = _LEADING_ASK.sub("", fold(question).strip().rstrip("?？。呢吗"))
    taken: list[str] = []
    for word in (part for guess in jieba_tokenizer().cut(folded) for part in split_guess(guess)):
        if word in _ENDS_SUBJECT or not word.isalnum():
            if taken:
                # A verb before 了 or before what is asked is no part of the subject.
                if len(taken) > 1 and word in _AFTER_VERB and is_verb(taken[-1]):
                    taken.pop()
                break
        else:
            taken.append(word)
    return "".join(taken) or folded


def _replace_topic(before: str, topic: str) -> str:
    """The earlier question about another year, or about another thing."""
    old_years, new_years = years_in(before), years_in(topic) or years_in(topic + "年")
    if new_years and re.fullmatch(r"(?:到|在)?\d{4}年?", topic):
        if old_years:
            return before.replace(old_years[-1], new_years[0])
        return f"{new_years[0]}年{before}"
    old = topic_of(before)
    if not old or old == before.rstrip("?？"):
        return f"{topic}{before}"
    # The year and what is asked of the old subject stay: 甲公司2023年收入, 那乙公司呢.
    parts = _SUBJECT.fullmatch(old)
    old = parts["who"] if parts else old
    at = before.find(old)
    if at and before[at - 1] == topic[0]:  # 对企业有哪些建议, 对政府呢
        topic = topic[1:]
    return f"{before[:at]}{topic}{before[at + len(old) :]}"
