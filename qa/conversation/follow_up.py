"""Rewrite a follow-up so that it stands alone, by rules over the questions before it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from indexer.text.fold import fold
from indexer.text.segment import Segmenter

from .list_items import resolve_list_items
from .topic import find_subject, find_topic, is_asking, is_aspect, is_measure, replace_topic

__all__ = ["find_topic", "rewrite_follow_up"]


@dataclass(frozen=True, slots=True)
class _Earlier:
    """The questions before a follow-up."""

    questions: tuple[str, ...]
    """The questions, rewritten so that each stands alone, oldest first; at least one."""
    segmenter: Segmenter
    """The one of the index that is asked."""

    @property
    def last(self) -> str:
        """Return the last question, folded, without spaces beside Chinese characters."""
        return _remove_spaces(fold(self.questions[-1]).strip())

    @property
    def stem(self) -> str:
        """Return the last question without the question mark or particle at its end."""
        return self.questions[-1].rstrip("?？。吗呢")

    @property
    def topic(self) -> str:
        """Return what the last question is about."""
        return find_topic(self.questions[-1], self.segmenter)

    @property
    def subject(self) -> str:
        """Return what the last question is about, with all attributes."""
        return find_subject(self.questions[-1], self.segmenter)

    def ask_about(self, topic: str) -> str:
        """Return the last question, about another topic."""
        return replace_topic(self.last, topic, self.segmenter)

    def is_asking(self, text: str) -> bool:
        """Return whether a folded text is a question by itself, and not only a topic."""
        return is_asking(text, self.segmenter)


# A rule takes the question (folded, without fillers and closing marks) and the questions before it.
# It returns the question rewritten to stand alone, or None if the rule does not apply.
_Rule = Callable[[str, _Earlier], str | None]

_FILLER = re.compile(
    r"^(?:好的?|嗯+|哦+|谢谢|明白了?|知道了?|请问|对了|再问一下|我想问)[,，。!、 ]*(?=.)"
)
# A pronoun that stands for the subject: not 其他, 其中, 这样, 这个行业.
_PRONOUN = re.compile(
    r"^(?:那么|那)?(?P<when>(?:到|在)?\d{4}年)?(?:(?P<it>它们|他们|她们|它)|其(?![他中余次它实间后外])"
    r"|(?:这|该)(?P<noun>[项种类个]?\S{2})(?=.))"
)
_INNER_PRONOUN = re.compile(r"(?:它们|它|其(?=[中他]?的))")
# 那云计算呢 / 安全方面呢 / 偏远地区又是多少 / 换成乙公司
_AND_WHAT = re.compile(
    r"^(?:那么|那|至于|还有|再说)?(?P<swap>换成|改成|换作|如果是|要是)?(?P<topic>[^,，。]{1,20}?)"
    r"(?P<end>的?(?:又|又是)?(?:呢|是多少呢|怎么样呢|如何呢)|又是多少|又如何|又怎样)?$"
)
# 然后呢 names no topic that could replace another.
_NO_TOPIC = re.compile(r"\d{1,3}|然后|所以|后来|结果|接下来|接着|可是|但是|你|我|大家")
# 2018年? / 那2020年是多少 / 2020年有多少
_TIME_ONLY = re.compile(
    r"^(?:那么|那)?(?:换成|改成)?(?P<topic>(?:到|在)?\d{4}年?(?:第?[一二三四]季度|上半年|下半年)?)"
    r"(?:的?呢|的?又?(?:会|将|预计)?(?:是|有|达到)多少)?$"
)
_SAME_YEAR = re.compile(
    r"^(?:那么|那)?(?P<topic>[^,，。]{1,12}?)(?:在)?(?:同一年|同年|同期|当年|那一年|那年)的?(?:呢|又?是多少|怎么样|如何)?$"
)
_COMPARED = re.compile(
    r"^(?:那么|那)?(?:(?:和|与|跟|同)(?P<a>(?:(?!相比).){1,15})(?:相比|比较|对比|比起来|比)|(?:相比于?|比起|比)(?P<b>.{1,12}?)(?=呢|$))(?:呢|如何|怎么样)?$"
)
_FOR_WHOM = re.compile(
    r"^(?:那么|那)?对于?(?P<whom>.{1,10}?)(?:(?:来说|而言|来讲|来看)(?:呢|怎么样|如何)?|呢)$"
)
_OLD_WHOM = re.compile(
    r"对于?(?P<whom>.{1,10}?)(?=来说|而言|来讲|来看|的|有|是|会|产生|造成|带来|,|，)"
)
# 比2019年多多少
_THAN = re.compile(r"^(?:比|较)(?:\d{4}年|上年|上一年|去年).{1,8}$")
_WHY = re.compile(
    r"^(?:这是|那|那么)?(?:(?:为什么|为何|为啥)(?:会|要|能)?(?:这样|如此|这么做|这样做|这么说)?|怎么会(?:这样)?"
    r"|(?:主要|具体)?(?:的)?原因(?:是什么|何在)?|(?:是)?什么原因|何以如此)(?:呢)?$"
)
_MORE = re.compile(
    r"^(?:那么|那)?(?:除此之外|除了这些|此外)?[,，]?还有(?:什么|哪些)?(?:别的|其他的?|其它的?|更多的?)?(?:吗|呢|么)?$"
    r"|^(?:那么|那)?(?:别的|其他的?|其它的?|其余的?|剩下的?)呢$"
    r"|^(?:能|可以|能不能|请)?(?:再|更)?(?:详细|具体|展开|多)?(?:地|一?点)?(?:说说|讲讲|说一?下|讲一?下|介绍一?下|解释一?下)(?:吗|吧)?$"
)
_HOW_MUCH = re.compile(
    r"^(?:那么|那)?(?:具体|准确|确切)?的?(?:数字|数据|数值|数量|金额)?(?:具体|到底|究竟)?(?:是|有)多少(?:呢)?$"
    r"|^(?:具体|准确|确切)的?(?:数字|数据|数值)(?:呢|是什么)?$"
)
_FIGURE = re.compile(
    r"^(?:这|该|上述)(?:个|一|项|些|组)?(?:数据|数字|比例|占比|数值|指标|金额|水平)(?P<rest>.+)$"
)
_DOING_SO = re.compile(
    r"^(?:那么|那)?(?:这样做|这么做|这种做法|这一做法|此举|这样|这么)(?P<rest>(?:有|会|能|的|对).+)$"
)
_THESE = re.compile(r"^(?:这些|上述|以上|前述)(?P<rest>.{2,})$")
_BOTH = re.compile(
    r"^(?:那么|那)?(?:两者|二者|这两[个种项者点类家]|它们两?[者个]?之间|他们之间)(?P<rest>(?:之间|相比|的|有|中|哪|谁).*)$"
)
# 有什么好处 does not say what has the advantages.
_HAS_WHAT = re.compile(
    r"^(?:那么|那)?(?P<aspect>(?:主要)?.{2})(?:是什么|有哪些|有什么|是哪些|何在)$|^(?:那么|那)?(?:主要|又|都|会|能)*(?:有|存在|带来|具有)了?(?:什么|哪些|何)(?:主要)?(?P<noun>.{2,4})$"
)
# 具体有哪些措施? has one content word, and so no subject of its own: its subject is that of the last
# question. 如何降低果蔬的损耗率 has more words, and stands alone.
_BARE_WORDS = 1
_BARE = re.compile(
    r"^(?:那么|那)?(?:具体|还|都|又|分别|主要|一共|总共)*(?:有哪|有什么|有几|包括|包含|是什么|是多少|是指|指的?是?什么"
    r"|怎么|怎样|如何|为什么|为何|原因|举例|展开|详细|要怎么|该怎么|应该怎么|(?:是|这是)?哪一?年的?(?:数据|数字)?$|是谁|在哪|什么时候|何时)"
)
_AMONG = re.compile(
    r"^(?:那么|那)?(?:其中|哪一?[个种项点条类](?:最|更|比较)|最.{1,4}的(?:是|有)哪|[一总]共有?几[个种项点条类]$)"
)
_ASKS_FIGURE = re.compile(r"多少|多[大高快]|几")
# The asking words at the end of a question.
_ASKING_END = re.compile(r"(?:了?多少.{0,2}|有?多[大高长久快]|[吗呢么])$")


def rewrite_follow_up(
    question: str,
    history: Sequence[str],
    items_of: Callable[[str], Sequence[str]],
    segmenter: Segmenter,
) -> str:
    """Return the question rewritten so that it stands alone, without the ones before it.

    Args:
        history: earlier questions, oldest first.
        items_of: returns the labels of the list that answers an earlier question, in order; empty
            if its answer is no list.
        segmenter: the one of the index that is asked.
    """
    rewritten: list[str] = []
    for asked in (*history, question):
        earlier = _Earlier(tuple(rewritten), segmenter)
        rewritten.append(_rewrite(asked, earlier, items_of) if rewritten else asked)
    return rewritten[-1]


def _rewrite(question: str, earlier: _Earlier, items_of: Callable[[str], Sequence[str]]) -> str:
    folded = _FILLER.sub("", _remove_spaces(fold(question).strip()))
    mark = "?" if folded.endswith("?") else ""
    core = folded.rstrip("?。!.~ ")
    with_items = resolve_list_items(core, earlier.questions, items_of, earlier.segmenter)
    if with_items is not None:
        return f"{with_items}{mark}" if with_items != core else question
    for rule in _RULES:
        rewritten = rule(core, earlier)
        if rewritten == core:
            return question
        if rewritten is not None:
            # Add no mark behind a text that begins with the last question as it was asked.
            is_marked = rewritten.endswith("?") or rewritten.startswith(fold(earlier.questions[-1]))
            return rewritten if is_marked or not mark else f"{rewritten}?"
    return question


def _remove_spaces(text: str) -> str:
    """Remove spaces beside Chinese characters, where they mean nothing."""
    return re.sub(r"(?<=[\u3400-\u9fff])\s+|\s+(?=[\u3400-\u9fff])", "", text)


def _about_time(core: str, earlier: _Earlier) -> str | None:
    match = _TIME_ONLY.match(core) or _SAME_YEAR.match(core)
    return earlier.ask_about(match["topic"]) if match else None


def _compared(core: str, earlier: _Earlier) -> str | None:
    match = _COMPARED.match(core)
    if match is None or earlier.is_asking(match["a"] or match["b"]):
        return None
    return f"和{match['a'] or match['b']}相比，{earlier.last}"


def _for_whom(core: str, earlier: _Earlier) -> str | None:
    match = _FOR_WHOM.match(core)
    if match is None or earlier.is_asking(match["whom"]):
        return None
    last = earlier.last
    old = _OLD_WHOM.search(last)
    if old is None:
        return f"对{match['whom']}来说，{last}"
    return f"{last[: old.start('whom')]}{match['whom']}{last[old.end('whom') :]}"


def _why(core: str, earlier: _Earlier) -> str | None:
    if not _WHY.match(core):
        return None
    last = earlier.last
    statement = _ASKING_END.sub("", last.rstrip("?"))
    if re.search(r"为什么|为何|为啥|原因", last):
        return last
    if earlier.is_asking(statement) and re.search(r"什么|哪|怎|如何|谁|多少|是$", statement):
        return f"{earlier.stem}，为什么"
    happened = "了" if "了多少" in last else ""
    return f"为什么{statement}{happened}{'?' if last.endswith('?') else ''}"


def _more(core: str, earlier: _Earlier) -> str | None:
    """Repeat the last question for 还有别的吗 and 详细说说: lists are quoted whole anyway."""
    return earlier.last if _MORE.match(core) else None


def _how_much(core: str, earlier: _Earlier) -> str | None:
    if not _HOW_MUCH.match(core):
        return None
    return earlier.last if "多少" in earlier.last else f"{earlier.stem}，具体是多少"


def _figure(core: str, earlier: _Earlier) -> str | None:
    """Ask about the figure of the last question: 这个数据是哪一年的, 这一比例2019年是多少."""
    match = _FIGURE.match(core)
    if match is None:
        return None
    time = _TIME_ONLY.match(match["rest"])
    return earlier.ask_about(time["topic"]) if time else f"{earlier.stem}，{match['rest']}"


def _doing_so(core: str, earlier: _Earlier) -> str | None:
    match = _DOING_SO.match(core)
    return f"{earlier.subject}{match['rest']}" if match else None


def _these(core: str, earlier: _Earlier) -> str | None:
    """Replace 这些措施 in 这些措施中最重要的是哪个, if the last question asked for 措施."""
    match = _THESE.match(core)
    if match is None:
        return None
    last, rest = earlier.last, match["rest"]
    noun = next((rest[:n] for n in (4, 3, 2) if rest[:n] in last), None)
    if noun is None:
        return None
    topic = find_topic(last, earlier.segmenter)
    named = re.search(rf"(?P<whole>\S{{2,20}}的{noun})(?=有|是|包括|分|$)", last.rstrip("?"))
    if named and not earlier.is_asking(named["whole"].removesuffix(noun)):
        return f"{named['whole']}{rest[len(noun) :]}"
    if topic.endswith(noun):
        return f"{topic}{rest[len(noun) :]}"
    return f"{topic}的{rest}"


def _both(core: str, earlier: _Earlier) -> str | None:
    match = _BOTH.match(core)
    if match is None:
        return None
    topics = list(
        dict.fromkeys(find_topic(asked, earlier.segmenter) for asked in earlier.questions[-2:])
    )
    return f"{topics[0]}和{topics[1]}{match['rest']}" if len(topics) == 2 else None


def _another(core: str, earlier: _Earlier) -> str | None:
    match = _AND_WHAT.match(core)
    if match is None or earlier.is_asking(match["topic"]) or _NO_TOPIC.fullmatch(match["topic"]):
        return None
    if not (match["end"] or match["swap"] or re.fullmatch(r"\S{2,4}方面", core)):
        return None
    return earlier.ask_about(match["topic"].removesuffix("的"))


def _pronoun(core: str, earlier: _Earlier) -> str | None:
    topic = earlier.topic
    if earlier.is_asking(topic):  # 哪家公司收入最高 does not name what the pronoun stands for.
        return None
    match = _PRONOUN.match(core)
    if match and (match["noun"] is None or match["noun"].lstrip("项种类个") in topic):
        return f"{match['when'] or ''}{topic}{core[match.end() :]}"
    inner = _INNER_PRONOUN.search(core)
    # In 企业怎样保护它的数据 the pronoun stands for what the question itself names.
    if inner and not [
        w for w in earlier.segmenter.content_words(core[: inner.start()]) if not w.isdigit()
    ]:
        return f"{core[: inner.start()]}{topic}{core[inner.end() :]}"
    return None


def _has_what(core: str, earlier: _Earlier) -> str | None:
    match = _HAS_WHAT.match(core)
    if match is None:
        return None
    noun = match["noun"] or match["aspect"]
    if not (is_aspect(noun) or noun == "用"):
        return None
    subject = re.sub(r"^\d{4}年的?", "", earlier.subject)
    # After a question for a figure, 有哪些挑战 may be about anything.
    if is_measure(subject) and _ASKS_FIGURE.search(earlier.last):
        return core
    of = "的" if match["aspect"] else ""
    return f"{subject}{of}{core.removeprefix('那么').removeprefix('那')}"


def _bare(core: str, earlier: _Earlier) -> str | None:
    if (
        _AMONG.match(core)
        or _THAN.match(core)
        or (_BARE.match(core) and len(earlier.segmenter.content_words(core)) <= _BARE_WORDS)
    ):
        return f"{earlier.stem}，{core}"
    return None


# The order matters: the first rule that applies decides.
_RULES: tuple[_Rule, ...] = (
    _about_time,
    _compared,
    _for_whom,
    _why,
    _more,
    _how_much,
    _figure,
    _doing_so,
    _these,
    _both,
    _another,
    _pronoun,
    _has_what,
    _bare,
)
