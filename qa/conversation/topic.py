"""What a question is about and what it asks about that, to replace either by something else."""

from __future__ import annotations

import re

from indexer.text.fold import fold
from indexer.text.lexicon import is_name, is_verb
from indexer.text.quantities import TIME_ONLY, TIME_PARTS, YEAR_PHRASE
from indexer.text.segment import Segmenter

LEADING_ASK = re.compile(
    r"^(?:请问|什么是|何谓|何为|什么叫|为什么|为何|哪些是|如何|怎么|怎样|其中的?|介绍一下|介绍|说说|谈谈|讲讲|列举|列出)+"
)
# Words that end the subject of a question: what follows them asks about it.
_ENDS_SUBJECT = frozenset(
    "的 在 是 有 了 对 会 能 可以 将 要 和 与 用 做 被 让 使 指 指的 讲 说 谈 也 都 就 还 又 由 从 最 更 不 没有 "
    "什么 哪 哪些 哪个 哪几 多少 几 谁 为什么 为何 怎么 怎样 如何 是不是 是否 "
    "有没有 能不能 会不会 适合 面临 包括 包含 占 达到 属于 分为".split()
)
_AFTER_VERB = frozenset("了 什么 哪 哪些 哪个 哪几 多少 几 谁".split())
# Question words: a text with one is a question by itself and not only a topic.
_QUESTION_WORD = re.compile(
    r"什么|怎|如何|为何|何时|多少|多[大高长久远快重]|哪|谁|吗|是否|有没有|能不能|会不会"
)
# What a subject has. Such a topic replaces another such word:
# 行业面临哪些机遇, then 挑战呢.
_ASPECTS = frozenset(
    "机遇 机会 挑战 困难 难点 难题 问题 痛点 障碍 瓶颈 阻力 压力 风险 隐患 威胁 优势 劣势 优点 缺点 长处 短处 好处 坏处 "
    "弊端 不足 缺陷 利弊 益处 特点 特征 特性 作用 用处 用途 功能 价值 意义 影响 后果 效果 原因 成因 原理 依据 目的 目标 "
    "措施 办法 方法 做法 对策 建议 策略 手段 途径 方案 限制 局限 约束 变化 规律 表现 案例 "
    "例子 成果 成效 要求 条件 标准 原则 趋势 前景 方向 现状 背景 类型 种类 形式 方式 "
    "模式 应用 场景 区别 步骤 流程 定义 含义 指标 因素 环节 方面".split()
)
# Names of figures, and how such names end.
_MEASURE = re.compile(
    r"(?:规模|收入|利润|成本|费用|份额|比例|占比|比重|员工|人数|价格|售价|造价|租金|工资|营收|产能|容量|面积|投资|市值|毛利|净利|增速|增幅|销售|出口|进口"
    r"|(?<=.)[率量额数价费比值])$"
)
_THIS_TIME = re.compile(r"去年|今年|前年|明年|现在|目前|当前|如今")
_MOST = re.compile(r"最(?:便宜|[高低多少大小快慢好差强弱贵早晚长短])")
# The subject of a question around its year.
_AROUND_YEAR = re.compile(r"(?:\d{4}年的?)?(?P<who>.+?)(?:的?\d{4}年.*)?")


def is_asking(topic: str, segmenter: Segmenter) -> bool:
    """Return whether a folded text is a question by itself, and not only a topic."""
    return bool(_QUESTION_WORD.search(topic)) or any(
        word in ("是", "有") for word in segmenter.parts(topic)
    )


def is_aspect(text: str) -> bool:
    """Return whether a folded text names something that a subject has: 缺点, 主要风险."""
    return text in _ASPECTS or (len(text) == 4 and text[2:] in _ASPECTS)


def is_measure(text: str) -> bool:
    """Return whether a folded text names a kind of figure.

    >>> is_measure("毛利率"), is_measure("年收入"), is_measure("冷库")
    (True, True, False)
    """
    return bool(_MEASURE.search(text))


def find_topic(question: str, segmenter: Segmenter) -> str:
    """Return what a question is about: its first words, up to what it asks about them.

    >>> find_topic("什么是内容营销?", PLAIN), find_topic("公路承担了多少货运量?", PLAIN)
    ('内容营销', '公路')
    """
    return _take_first_words(question, _ENDS_SUBJECT, segmenter)


def find_subject(question: str, segmenter: Segmenter) -> str:
    """Return what a question is about with all attributes, without what it asks about that.

    >>> find_subject("如何降低果蔬的损耗率?", PLAIN), find_subject("换电的缺点是什么?", PLAIN)
    ('降低果蔬的损耗率', '换电')
    """
    found = _take_first_words(question, _ENDS_SUBJECT - {"的", "和", "与"}, segmenter).strip("的")
    owner, of, aspect = found.rpartition("的")
    return owner if of and is_aspect(aspect) else found


def _take_first_words(question: str, ends: frozenset[str], segmenter: Segmenter) -> str:
    folded = LEADING_ASK.sub("", fold(question).strip().rstrip("?？。呢吗"))
    taken: list[str] = []
    for word in segmenter.parts(folded):
        if word in ends or not word.isalnum():
            if taken:
                # A verb before 了 or before a question word is no part of the subject.
                if len(taken) > 1 and word in _AFTER_VERB and is_verb(taken[-1], segmenter):
                    taken.pop()
                break
        else:
            taken.append(word)
    return "".join(taken) or folded


def replace_topic(before: str, topic: str, segmenter: Segmenter) -> str:
    """Return the earlier question, folded, about another time or thing.

    The topic replaces what has the same role in the question: a time a time, an aspect an aspect,
    a figure a figure, a place a place, 乙公司 甲公司; else it replaces the subject.
    """
    if TIME_ONLY.fullmatch(topic):
        return _replace_time(before, topic)
    if _THIS_TIME.fullmatch(topic):
        return topic + YEAR_PHRASE.sub("", before, count=1)
    most = _MOST.search(before)
    if most and _MOST.fullmatch(topic):
        return f"{before[: most.start()]}{topic}{before[most.end() :]}"
    words = segmenter.parts(topic)
    if is_aspect(topic) or is_aspect(words[-1]):
        return _replace_aspect(before, topic, segmenter)
    if is_measure(topic):
        return _replace_measure(before, topic, len(words), segmenter)
    alike = _replace_alike(before, topic, words, segmenter)
    return alike if alike is not None else _replace_subject(before, topic, segmenter)


def _replace_time(before: str, topic: str) -> str:
    new = next(m for m in TIME_PARTS.finditer(topic) if m.group())
    old = [m for m in TIME_PARTS.finditer(before) if m.group()]
    years = [m for m in old if m["year"]]
    parts = [m for m in old if m["part"]]
    year = f"{new['year'].rstrip('年')}年" if new["year"] else ""
    part = new["part"] or ""
    if not year and parts:
        return before[: parts[-1].start("part")] + part + before[parts[-1].end("part") :]
    if years:
        last = years[-1]
        end = last.end("part") if part and last["part"] else last.end("year")
        kept = year or f"{last['year'].rstrip('年')}年"
        return before[: last.start("year")] + kept + part + before[end:]
    return f"{year}{part}{before}"


def _replace_aspect(before: str, topic: str, segmenter: Segmenter) -> str:
    """Ask 行业面临哪些机遇 about 挑战, or 换电是怎么一回事 about 缺点."""
    words = segmenter.parts(before)
    at = next((i for i in reversed(range(len(words))) if is_aspect(words[i])), None)
    core = topic.removesuffix("方面")
    if at is None and core == topic:
        return f"{_without_time(find_subject(before, segmenter))}的{topic}是什么?"
    # 安全方面 after 环保方面 replaces the word before 方面; after 环保和安全 it replaces the subject.
    if at is None or (core != topic and words[at] != "方面"):
        return _replace_subject(before, topic, segmenter)
    if core != topic:
        return "".join((*words[: max(at - 1, 0)], topic, *words[at + 1 :]))
    return "".join((*words[:at], topic, *words[at + 1 :]))


def _replace_measure(before: str, topic: str, size: int, segmenter: Segmenter) -> str:
    """Replace the figure: in 甲公司2023年收入 by 利润, in 冷库的建设成本 by 运营成本."""
    # Keep the year apart: to jieba 年收入 is one word, even behind the number of a year.
    words = segmenter.parts(re.sub(r"(?<=\d年)", " ", before))
    words = [word for word in words if word != " "]
    at = next((i for i in reversed(range(len(words))) if _is_measure_at(words, i)), None)
    if at is None:
        return f"{_without_time(find_subject(before, segmenter))}的{topic}是多少?"
    first = at - (len(words[at]) == 1)
    if words[at] == segmenter.parts(topic)[-1]:
        first = max(at - size + 1, 0)
    # 的 separates a figure from what it is a figure of.
    owner = next((i for i in reversed(range(at)) if words[i] in _ENDS_SUBJECT), -1)
    if owner >= 0 and words[owner] == "的" and not re.search(r"\d年?$", "".join(words[:owner])):
        first = owner + 1
    first = max(first, owner + 1)
    return "".join((*words[:first], topic, *words[at + 1 :]))


def _is_measure_at(words: list[str], at: int) -> bool:
    """Return whether a word is a measure; one of a single character with the word before it."""
    return is_measure("".join(words[max(0, at - (len(words[at]) == 1)) : at + 1]))


def _replace_alike(before: str, topic: str, words: list[str], segmenter: Segmenter) -> str | None:
    """Replace a thing whose name ends alike, or the only place; None if there is none."""
    old = segmenter.parts(before)
    last = words[-1]
    for at in range(len(old)):
        if len(words) > 1 and old[at] == last:
            first = at
            while first > 0 and at - first + 1 < len(words) and _is_name_part(old[first - 1]):
                first -= 1
            if first < at:
                return "".join((*old[:first], topic, *old[at + 1 :]))
    if len(words) == 1 and is_name(topic, segmenter) and not topic.isascii():
        places = [
            i for i, word in enumerate(old) if is_name(word, segmenter) and not word.isascii()
        ]
        if len(places) == 1:
            return "".join((*old[: places[0]], topic, *old[places[0] + 1 :]))
    return None


def _is_name_part(word: str) -> bool:
    """Return whether a word may be part of a thing's name."""
    return word.isalnum() and word not in _ENDS_SUBJECT and not re.fullmatch(r"\d+|年|月|日", word)


def _replace_subject(before: str, topic: str, segmenter: Segmenter) -> str:
    old = find_topic(before, segmenter)
    if not old or old == before.rstrip("?？"):
        return f"{topic}{before}"
    # Keep the year and what is asked about the old subject: 甲公司2023年收入, 那乙公司呢.
    parts = _AROUND_YEAR.fullmatch(old)
    old = _without_measure(parts["who"] if parts else old, topic, segmenter)
    at = before.find(old)
    end = at + len(old)
    # 安全方面 after 环保与安全.
    joined = re.compile(rf"[和与及、]{re.escape(topic.removesuffix('方面'))}").match(before, end)
    if joined:
        end = joined.end()
    elif before.startswith("方面", end) and topic.endswith("方面"):
        end += 2
    if at and before[at - 1] == topic[0]:  # 对企业有哪些建议, 对政府呢
        topic = topic[1:]
    return f"{before[:at]}{topic}{before[end:]}"


def _without_measure(old: str, topic: str, segmenter: Segmenter) -> str:
    """Return the old subject without the figure: 棉花 of 棉花产量, if 小麦呢 follows."""
    words = segmenter.parts(old)
    if is_measure(topic) or not _is_measure_at(words, len(words) - 1):
        return old
    return "".join(words[: -1 - (len(words[-1]) == 1)]) or old


def _without_time(subject: str) -> str:
    return re.sub(r"^(?:到|在)?\d{4}年的?", "", subject) or subject
