"""What a question asks for, read off its words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from indexer.fold import fold
from indexer.segment import content_words

_LIST = re.compile(
    r"哪些|哪几|有哪|几个(?!月|小时|人|百分点)|几种|几类|几项|几方面|几大|几点|列举|列出|分别(?:是|有|为)|都有什么"
    r"|包括什么|包含什么|有什么(?:方面|类型|种类|形式|措施|挑战|难题|问题|机遇|建议)|哪[二两三四五六七八九十]|的[三四五六七八九十][个种类项条点大处方]"
)
_WHY = re.compile(r"为什么|为何|为啥|原因|缘何|怎么会|凭什么|何以")
_QUANTITY = re.compile(
    r"多少|多大|多高|多长|多久|多重|多快|(?<![往未前后近这那过])几(?=[家名人座亿万倍年月天元辆台成])|占比|比例|百分之几|第几"
)
_DATE = re.compile(r"哪一?年|何时|什么时候|什么时间|哪天|几月|何年")
_PERSON = re.compile(r"谁|哪位|何人|什么人|作者是|叫什么名字")
_YEAR = re.compile(r"(?<!\d)(1[89]\d\d|20\d\d)(?!\d)(?=\s*年|[^\d.%万亿元])|(?<!\d)(20\d\d)$")
# A number that a passage has to repeat: with a fraction, a unit of share, or of three digits.
_NUMBER = re.compile(r"\d+\.\d+%?|\d+%|(?<![\d.])(?!(?:19|20)\d\d(?:年|$))\d{3,}(?![\d.])")
NUMERALS = {c: i for i, c in enumerate("零一二三四五六七八九十")} | {"两": 2}
_COUNT = re.compile(r"(?:哪|的|这|有)([二两三四五六七八九十])(?=[个种类项条点大处方家步层部])")
# jieba's tags of proper names that it rarely gives in error: places, organisations, foreign names.
_NAME_TAGS = (b"ns", b"nt", b"nrt")
# Tagged as names and yet no names that a passage would have to repeat.
_COMMON = frozenset(["中国", "我国", "国内", "全国", "国家", "东西", "大陆", "内地"])
_LATIN = re.compile(r"[a-z][a-z0-9.+-]*")


@dataclass(frozen=True, slots=True)
class Question:
    """A question, folded, with what it asks for.

    kind: "list", "why" or "fact". words: what it is about, without stop words. years, numbers:
    those it gives. names: its proper names. count: how many items it asks for, 0 if it does not
    say. quantity, date, person: whether it asks for a number, for a time, or for somebody.
    """

    text: str
    kind: str
    words: tuple[str, ...]
    years: tuple[str, ...]
    numbers: tuple[str, ...]
    names: tuple[str, ...]
    count: int
    quantity: bool
    date: bool
    person: bool


def read_question(text: str) -> Question:
    """Reads a question off its words."""
    folded = fold(text)
    words = tuple(content_words(text))
    quantity = bool(_QUANTITY.search(folded))
    count = 0 if quantity else _count(folded)
    wants_list = count or (_LIST.search(folded) and not _WHY.search(folded))
    kind = "list" if wants_list else "why" if _WHY.search(folded) else "fact"
    return Question(
        text=folded,
        kind=kind,
        words=words,
        years=years_in(folded),
        numbers=tuple(dict.fromkeys(_NUMBER.findall(folded))),
        names=tuple(w for w in words if is_name(w)),
        count=count,
        quantity=quantity,
        date=bool(_DATE.search(folded)),
        person=bool(_PERSON.search(folded)),
    )


def _count(folded: str) -> int:
    match = _COUNT.search(folded)
    return NUMERALS[match[1]] if match else 0


def years_in(folded: str) -> tuple[str, ...]:
    """The years that a folded text names, each once, in order.

    >>> years_in("从2015年到2020年,共2000万元")
    ('2015', '2020')
    """
    found = (a or b for a, b in _YEAR.findall(folded))
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=4096)
def is_name(word: str) -> bool:
    """Whether a word is a place's or an organisation's name by jieba's dictionary, or is Latin."""
    if word in _COMMON or len(word) < 2:
        return False
    if _LATIN.fullmatch(word):
        return True
    tag = _tag(word)
    return tag is not None and tag.startswith(_NAME_TAGS)


def is_verb(word: str) -> bool:
    """Whether jieba's dictionary calls a word a verb."""
    tag = _tag(word)
    return tag is not None and tag.startswith(b"v") and not tag.startswith(b"vn")


def _tag(word: str) -> bytes | None:
    """The word class in jieba's dictionary file, found without loading its tagger (0.8 s)."""
    data = _dictionary()
    at = data.find(b"\n" + word.encode() + b" ")
    if at < 0:
        return None
    line = data[at + 1 : data.find(b"\n", at + 1)].split()
    return line[2] if len(line) > 2 else None


@cache
def _dictionary() -> bytes:
    import jieba

    return (Path(jieba.__file__).parent / "dict.txt").read_bytes()
