"""What a question asks for: a list, a number, a time, a name or a reason, and about which words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from indexer.text.fold import fold
from indexer.text.lexicon import is_name, names_in
from indexer.text.numerals import parse_numeral
from indexer.text.quantities import COUNTED, REPEATED_NUMBER, asked_unit, years_in
from indexer.text.segment import Segmenter

_ASKS_LIST = re.compile(
    r"各项|各条|逐条|逐一|哪些|哪几|有哪|几个(?!月|小时|人|百分点)|几种|几类|几项|几方面|几大|几点|列举|列出|分别|都有什么"
    r"|包括什么|包含什么|有什么(?:方面|类型|种类|形式|措施|挑战|难题|问题|机遇|建议)|哪[二两三四五六七八九十]|的[三四五六七八九十][个种类项条点大处方]"
)
_ASKS_WHY = re.compile(r"为什么|为何|为啥|原因|缘何|怎么会|凭什么|何以")
_ASKS_NUMBER = re.compile(
    r"多少|多大|多高|多长|多久|多重|多快|(?<![往未前后近这那过])几(?=[家名人座亿万倍年月天元辆台成])|占比|比例|百分之几|第几"
)
_ASKS_TIME = re.compile(r"哪一?年|何时|什么时候|什么时间|哪天|几月|何年")
_ASKS_NAME = re.compile(
    r"谁|哪位|何人|什么人|作者是|叫什么名字|哪一?(?:家|个公司|个企业|个机构|个平台|个部门)|哪[两三四五]?(?:家|所)|哪些部门"
)
_ASKS_REASON = re.compile(r"为什么|为何|为啥|缘何|凭什么|何以|什么原因|原因是")
_ITEM_COUNT = re.compile(
    r"(?:哪|的|这|有|^)([二两三四五六七八九十])(?=[个种类项条点大处方家步层部])"
)


@dataclass(frozen=True, slots=True)
class QueryTerm:
    """A word of a question and the words that a report may use instead of it."""

    word: str
    """The word, folded."""
    synonyms: tuple[str, ...] = ()
    """Other words for it in the vocabulary of the index, folded."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question with all that later stages need of it, matched once against the vocabulary."""

    text: str
    """The question, folded. The encoder reads this."""
    kind: str
    """"list", "why" or "fact"."""
    terms: tuple[QueryTerm, ...]
    """The words that say what the question is about: each once, without stop words."""
    search_terms: tuple[str, ...]
    """The terms to look up in the lexical index, each as often as it counts."""
    search_synonyms: tuple[str, ...]
    """The synonyms of the search terms, to look up as well."""
    years: tuple[str, ...]
    """The years in the question."""
    numbers: tuple[QueryTerm, ...]
    """The numbers in the question that a passage has to repeat."""
    names: tuple[QueryTerm, ...]
    """The terms that are proper names."""
    name_like: frozenset[str]
    """The names in the question and the words that jieba had to guess, if `asks_name`; else empty.
    An answer contains a name besides these."""
    item_count: int
    """How many items the question asks for, 0 if it does not say."""
    asks_number: bool
    """Whether the question asks for a number."""
    unit: str
    """The unit of that number, a regular expression; "" if any unit will do."""
    asks_time: bool
    """Whether the question asks for a time."""
    asks_name: bool
    """Whether the question asks for the name of a person or a thing."""
    asks_reason: bool
    """Whether the question asks for a reason."""


def read_question(text: str, segmenter: Segmenter) -> Question:
    """Read off the words of a question what it asks for.

    Args:
        segmenter: the one of the index that is asked: it cuts words and knows their synonyms.
    """
    folded = fold(text)
    terms = _to_terms(segmenter.content_words(COUNTED.sub(" ", folded)), segmenter)
    search_terms = segmenter.question_terms(text)
    asks_number = bool(_ASKS_NUMBER.search(folded))
    item_count = 0 if asks_number else _read_item_count(folded)
    asks_why = bool(_ASKS_WHY.search(folded))
    asks_list = item_count or (_ASKS_LIST.search(folded) and not asks_why)
    asks_name = bool(_ASKS_NAME.search(folded))
    return Question(
        text=folded,
        kind="list" if asks_list else "why" if asks_why else "fact",
        terms=terms,
        search_terms=tuple(search_terms),
        search_synonyms=tuple(
            synonym
            for word in dict.fromkeys(search_terms)
            for synonym in segmenter.synonyms_of(word)
        ),
        years=years_in(folded),
        numbers=_to_terms(dict.fromkeys(REPEATED_NUMBER.findall(folded)), segmenter),
        names=tuple(term for term in terms if is_name(term.word, segmenter)),
        name_like=frozenset(names_in(folded, segmenter) if asks_name else ()),
        item_count=item_count,
        asks_number=asks_number,
        unit=asked_unit(folded) if asks_number else "",
        asks_time=bool(_ASKS_TIME.search(folded)),
        asks_name=asks_name,
        asks_reason=bool(_ASKS_REASON.search(folded)),
    )


def _to_terms(words: Iterable[str], segmenter: Segmenter) -> tuple[QueryTerm, ...]:
    return tuple(QueryTerm(word, segmenter.synonyms_of(word)) for word in words)


def _read_item_count(folded: str) -> int:
    match = _ITEM_COUNT.search(folded)
    return (parse_numeral(match[1]) or 0) if match else 0
