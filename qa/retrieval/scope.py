"""Which reports a question is about: those whose title or file name begins with a name that it gives.

A report rarely repeats its own name: it says 公司, 我市, 本品. So a name that a report's title gives counts
as given for each of its passages: they are searched without the name, and of other reports only the
passages that hold it. Measured on 40 company reports in one index, whose questions played no part in
writing this: evidence cited 0.505 without, 0.765 with it; Recall@1 0.565 and 0.908.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import PurePath

import numpy as np

from indexer.store.membership import Ids
from indexer.store.snapshot import Snapshot
from indexer.text.fold import fold
from indexer.text.lexicon import is_place
from indexer.types import Document
from qa.matching import fold_context

# A name has at least so many characters; two are the key by which names are looked up.
_MIN_NAME = 2
# A name may begin where a run of letters and ideographs begins: at the start of a title, after a
# mark, and after a year (2025年度…), whose unit is no part of it.
_RUN = re.compile(r"[a-z\u3400-\u9fff][a-z0-9.\-\u3400-\u9fff]*")
_AFTER_YEAR = re.compile(r"^[0-9年月日度第号期版届]+")
_LATIN = re.compile(r"[a-z0-9.\-]")
# A firm is called without the place that its full name begins with: 厦门|安妮股份有限公司.
_FIRM = re.compile(r"公司|集团|股份|银行|证券|基金|保险|医院|学院|大学")
_PLACE_LENGTHS = (4, 3, 2)
# So many passages of other reports are looked at for the name, the best by BM25.
_MOST_HOLDERS = 300
# The day in the title of a report, and in a question.
_DAY = re.compile(r"(\d{4})[年./-](\d{1,2})[月./-](\d{1,2})")
_ASKED_DAY = re.compile(
    r"(?:(?P<year>\d{4})[年./-])?(?<!\d)(?P<month>\d{1,2})[月./-](?P<day>\d{1,2})[日号]?(?![\d.])"
)
# What is left at the start of a question whose name was taken out.
_LEFT_OVER = re.compile(r"^[\s的在,:、]+")


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in a question that titles begin with."""

    name: str
    """The name, folded."""
    documents: frozenset[int]
    """The ids of the reports whose title or file name begins with it."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The reports that a question names."""

    mentions: tuple[Mention, ...]
    """The names in the question, in its order."""
    documents: frozenset[int]
    """The ids of the reports that all names fit, or of all that any fits: 甲公司和乙公司."""
    elsewhere: tuple[str, ...] = ()
    """Places and firms in the question that no title has."""
    names_other: bool = False
    """Whether the question names a report of theirs: 湖北省政府工作报告."""

    @property
    def is_shared(self) -> bool:
        """Return whether every name fits every report: nothing then is told apart by the names."""
        return all(self.documents <= mention.documents for mention in self.mentions)


class ReportNames:
    """The beginnings of the titles and file names of an index's reports, to be found in questions."""

    def __init__(self, documents: Sequence[Document]) -> None:
        """Collect the names; about 10 µs a report."""
        self.by_start: dict[str, list[tuple[str, int]]] = {}
        """The names with their reports, by how they begin."""
        self._by_day: dict[tuple[int, int], list[tuple[int, int]]] = {}
        for document in documents:
            for year, month, day in set(_DAY.findall(fold(document.title))):
                self._by_day.setdefault((int(month), int(day)), []).append((int(year), document.id))
            given = [p.value for p in document.about if p.name in ("organisation", "names")]
            for name in names_of(document.title, PurePath(document.path).stem, *given):
                self.by_start.setdefault(name[:_MIN_NAME], []).append((name, document.id))
        self._count = len(documents)
        self._titles = [
            (document.id, fold(" ".join((document.title, PurePath(document.path).stem, *given))))
            for document in documents
            for given in [[p.value for p in document.about]]
        ]

    def find_scope(
        self,
        question: str,
        is_word: Callable[[str], bool],
        hidden: Collection[int] = (),
        subjects: Sequence[str] = (),
    ) -> Scope | None:
        """Return the reports that a folded question names; None if it names none, or names all.

        Args:
            is_word: returns whether a text is an ordinary word, which names nothing by itself.
            hidden: the ids of documents that are not searched.
            subjects: places and firms that the question names (`qa.retrieval.subjects`).
        """
        mentions = self._find_mentions(question, is_word, frozenset(hidden))
        named = "\n".join(mention.name for mention in mentions)
        elsewhere = []
        for subject in subjects:
            titled = frozenset(i for i, t in self._titles if subject in t and i not in hidden)
            if titled and subject not in named:
                mentions.append(Mention(subject, titled))
            elif not titled:
                elsewhere.append(subject)
        # 湖北省政府工作报告 is none of the reports that are called 政府工作报告.
        own = [m for m in mentions if not _belongs(m.name, elsewhere, question)]
        names_other, mentions = len(own) < len(mentions), own
        mentions += self._find_days(question, frozenset(hidden))
        seen = self._count - len(hidden)
        mentions = [m for m in mentions if len(m.documents) < seen or seen == 1]
        if not mentions:
            return Scope((), frozenset(), tuple(elsewhere), names_other) if elsewhere else None
        common = frozenset.intersection(*(m.documents for m in mentions))
        either = frozenset.union(*(m.documents for m in mentions))
        return Scope(tuple(mentions), common or either, tuple(elsewhere))

    def _find_days(self, question: str, hidden: frozenset[int]) -> list[Mention]:
        """Return the days in a folded question on which titles are dated, as those of a daily are."""
        mentions = []
        for match in _ASKED_DAY.finditer(question):
            dated = self._by_day.get((int(match["month"]), int(match["day"])), ())
            year = match["year"]
            found = frozenset(i for y, i in dated if i not in hidden and year in (None, str(y)))
            if found:
                mentions.append(Mention(match.group(), found))
        return mentions

    def _find_mentions(
        self, question: str, is_word: Callable[[str], bool], hidden: frozenset[int]
    ) -> list[Mention]:
        """Return the names in a folded question, each as long as any title has it."""
        mentions, at = [], 0
        while at < len(question) - 1:
            starts = self.by_start.get(question[at : at + _MIN_NAME], ())
            names = [(name, id) for name, id in starts if id not in hidden]
            length = max((_shared_length(question[at:], name) for name, _ in names), default=0)
            name = question[at : at + length]
            if length < _MIN_NAME or is_word(name) or _splits_token(question, at):
                at += 1
                continue
            found = frozenset(id for other, id in names if other.startswith(name))
            mentions.append(Mention(name, found))
            at += length
        return mentions


def _belongs(name: str, subjects: Sequence[str], question: str) -> bool:
    """Return whether a name stands right behind a place or firm in a question."""
    return any(
        re.search(rf"{re.escape(subject)}\w{{0,2}}{re.escape(name)}", question)
        for subject in subjects
    )


def names_of(*texts: str) -> list[str]:
    """Return the folded runs of a title or file name at whose beginning a name may stand.

    >>> names_of("2025年岚浦市政府工作报告", "YL-06说明书", "厦门安妮股份")
    ['岚浦市政府工作报告', 'yl-06说明书', '厦门安妮股份', '安妮股份']
    """
    runs = [_AFTER_YEAR.sub("", run) for text in texts for run in _RUN.findall(fold(text))]
    names = [name for run in runs for name in (run, _without_place(run))]
    return [name for name in names if len(name) >= _MIN_NAME]


def _without_place(run: str) -> str:
    """Return a firm's name without the place that it begins with; "" if it begins with none."""
    if not _FIRM.search(run):
        return ""
    lengths = (n for n in _PLACE_LENGTHS if is_place(run[:n]))
    return run[next(lengths, len(run)) :]


def _shared_length(question: str, name: str) -> int:
    """Return how many characters both begin with; a model or a Latin word is shared whole or not."""
    length = 0
    while length < min(len(question), len(name)) and question[length] == name[length]:
        length += 1
    while length and (_cuts(question, length) or _cuts(name, length)):
        length -= 1
    return length


def _cuts(text: str, at: int) -> bool:
    """Return whether a cut before a character parts a model's name or a Latin word: YL-0|6."""
    return at < len(text) and bool(_LATIN.match(text[at - 1]) and _LATIN.match(text[at]))


def _splits_token(question: str, at: int) -> bool:
    return at > 0 and _cuts(question, at)


def find_hidden(snapshot: Snapshot, scope: Scope | None) -> Ids:
    """Return the ids of the passages that are not about what a question names; none without a scope.

    A passage is about it if it is of a named report, or if it or a heading above it has the name.
    """
    if scope is None or not scope.documents:
        return np.empty(0, dtype=np.int64)
    of = snapshot.membership.document_of
    allowed = np.isin(of, np.array(sorted(scope.documents), dtype=np.int64))
    for name in (*(mention.name for mention in scope.mentions), *scope.elsewhere):
        allowed[find_holders(snapshot, name)] = True
    hidden: Ids = np.flatnonzero(~allowed)
    return hidden


def find_unknown(
    snapshot: Snapshot, scope: Scope | None, hidden: Collection[int]
) -> tuple[str, ...]:
    """Return the places and firms that a question is about, if no report is: none in a title or a passage.

    Measured on 65 questions on companies and provinces of which no report tells: 55 refused, 45 without
    it; no other answer of fit, develop and 40 company reports changes.

    Args:
        hidden: the ids of documents that are not searched.
    """
    if scope is None or scope.documents:
        return ()
    of = snapshot.membership.document_of
    for name in () if scope.names_other else scope.elsewhere:
        if any(int(of[id]) not in hidden for id in find_holders(snapshot, name)):
            return ()
        # The lexical index has no headings.
        if name in snapshot.catalogue.folded_headings():
            return ()
    return scope.elsewhere


def find_holders(snapshot: Snapshot, name: str) -> list[int]:
    """Return the ids of passages that hold a folded name, themselves or in a heading above."""
    found = list(snapshot.lexical.search(snapshot.segmenter.terms(name), _MOST_HOLDERS))
    return [
        id
        for id, passage in snapshot.catalogue.passages(found).items()
        if name in f"{fold_context(passage)}\n{fold(passage.text)}"
    ]


def without_names(question: str, scope: Scope) -> str:
    """Return a folded question without the names that its scope gives; whole if they tell reports apart."""
    if not scope.documents or not scope.is_shared:
        return question
    for mention in scope.mentions:
        question = question.replace(mention.name, "")
    return _LEFT_OVER.sub("", question)
