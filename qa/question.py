"""What a question asks for, read off its words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from indexer.text.fold import fold
from indexer.text.lexicon import is_name, names_in
from indexer.text.numerals import parse_numeral
from indexer.text.quantities import COUNTED, REPEATED_NUMBER, asked_unit, years_in
from indexer.text.segment import Segmenter

_LIST = re.compile(
    r"各项|各条|逐条|逐一|哪些|哪几|有哪|几个(?!月|小时|人|百分点)|几种|几类|几项|几方面|几大|几点|列举|列出|分别|都有什么"
    r"|包括什么|包含什么|有什么(?:方面|类型|种类|形式|措施|挑战|难题|问题|机遇|建议)|哪[二两三四五六七八九十]|的[三四五六七八九十][个种类项条点大处方]"
)
_WHY = re.compile(r"为什么|为何|为啥|原因|缘何|怎么会|凭什么|何以")
_QUANTITY = re.compile(
    r"多少|多大|多高|多长|多久|多重|多快|(?<![往未前后近这那过])几(?=[家名人座亿万倍年月天元辆台成])|占比|比例|百分之几|第几"
)
_DATE = re.compile(r"哪一?年|何时|什么时候|什么时间|哪天|几月|何年")
_NAMED = re.compile(
    r"谁|哪位|何人|什么人|作者是|叫什么名字|哪一?(?:家|个公司|个企业|个机构|个平台|个部门)|哪[两三四五]?(?:家|所)|哪些部门"
)
_REASON = re.compile(r"为什么|为何|为啥|缘何|凭什么|何以|什么原因|原因是")
_COUNT = re.compile(r"(?:哪|的|这|有|^)([二两三四五六七八九十])(?=[个种类项条点大处方家步层部])")


@dataclass(frozen=True, slots=True)
class QueryTerm:
    """A word of a question, folded, with what may stand for it in a report."""

    word: str
    synonyms: tuple[str, ...] = ()
    """Other words for it in the vocabulary of the index, folded."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question with all that later stages need of it, resolved once against the vocabulary."""

    text: str
    """The question, folded. The encoder reads this."""
    kind: str
    """"list", "why" or "fact"."""
    terms: tuple[QueryTerm, ...]
    """What it is about: its words without stop words, each once."""
    search_terms: tuple[str, ...]
    """The terms to look up in the lexical index, as often as they count."""
    search_synonyms: tuple[str, ...]
    """The synonyms of the search terms, to look up besides."""
    years: tuple[str, ...]
    """The years that it gives."""
    numbers: tuple[QueryTerm, ...]
    """The numbers that it gives, and that a passage has to repeat."""
    names: tuple[QueryTerm, ...]
    """Those of its terms that are proper names."""
    name_like: frozenset[str]
    """Its names and the words that jieba had to guess, where it asks for somebody or something by
    name: an answer holds one more."""
    count: int
    """How many items it asks for, 0 if it does not say."""
    quantity: bool
    """Whether it asks for a number."""
    unit: str
    """The unit of that number, a regular expression; "" where any will do."""
    date: bool
    """Whether it asks for a time."""
    who: bool
    """Whether it asks for somebody's or something's name."""
    reason: bool
    """Whether it asks for a reason."""


def read_question(text: str, segmenter: Segmenter) -> Question:
    """Read a question off its words.

    Args:
        segmenter: of the index that is asked: it cuts the words and knows their synonyms.
    """
    folded = fold(text)
    terms = _resolved(segmenter.content_words(COUNTED.sub(" ", folded)), segmenter)
    search_terms = segmenter.question_terms(text)
    quantity = bool(_QUANTITY.search(folded))
    count = 0 if quantity else _count(folded)
    wants_list = count or (_LIST.search(folded) and not _WHY.search(folded))
    kind = "list" if wants_list else "why" if _WHY.search(folded) else "fact"
    who = bool(_NAMED.search(folded))
    return Question(
        text=folded,
        kind=kind,
        terms=terms,
        search_terms=tuple(search_terms),
        search_synonyms=tuple(
            other for word in dict.fromkeys(search_terms) for other in segmenter.synonyms_of(word)
        ),
        years=years_in(folded),
        numbers=_resolved(dict.fromkeys(REPEATED_NUMBER.findall(folded)), segmenter),
        names=tuple(term for term in terms if is_name(term.word, segmenter)),
        name_like=frozenset(names_in(folded, segmenter) if who else ()),
        count=count,
        quantity=quantity,
        unit=asked_unit(folded) if quantity else "",
        date=bool(_DATE.search(folded)),
        who=who,
        reason=bool(_REASON.search(folded)),
    )


def _resolved(words: Iterable[str], segmenter: Segmenter) -> tuple[QueryTerm, ...]:
    return tuple(QueryTerm(word, segmenter.synonyms_of(word)) for word in words)


def _count(folded: str) -> int:
    match = _COUNT.search(folded)
    return (parse_numeral(match[1]) or 0) if match else 0
