"""What is quoted: of a passage, of a list, of table rows and of a list inside a paragraph."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from indexer.store.snapshot import Snapshot
from indexer.structure.passages import split_sentences
from indexer.text.fold import fold
from indexer.types import ItemList, Passage, Span
from qa.confidence.features import Evidence, Features, read_features
from qa.matching import Rarity, contains_term, context_of, measure_coverage
from qa.question import Question
from qa.retrieval.hybrid import Retrieved
from qa.retrieval.windows import RankedPassage, read_item_title, score_window
from qa.settings import Answering

from .inline_lists import InlineList
from .notes import Miscount, compare_counts
from .table_rows import TableRows

# The marks of a paragraph that enumerates: with two of them it is quoted whole, up to a length.
_ENUMERATING = re.compile(
    r"一方面|首先|其次|再次|最后|此外|另外|一是|二是|三是|第一,|第二,|第三,|其一|其二"
)


@dataclass(frozen=True, slots=True)
class Quote:
    """A span of a passage to quote."""

    passage: Passage
    """The passage; an item or row that is no passage of its own has the id -1."""
    span: Span
    """What to quote, in the clean text."""
    score: float
    """The fused score of the passage."""

    @property
    def text(self) -> str:
        """Return the quotation."""
        start = self.passage.start
        return self.passage.text[self.span.start - start : self.span.end - start]


@dataclass(frozen=True, slots=True)
class Draft:
    """An answer before its citations are drawn up."""

    quotes: tuple[Quote, ...]
    """What to quote, in order."""
    features: Features | None
    """What speaks for and against the quotations; None if the question has no words of its own."""
    truncated: bool
    """Whether the answer breaks off because the report does."""
    miscounts: tuple[Miscount, ...] = ()
    """Where its items are more or fewer than the report or the question says."""
    disagrees: bool = False
    """Whether its quotations give different figures for one thing."""
    ranked: tuple[RankedPassage, ...] = ()
    """The passages that were scored closely, best first."""
    evidence: Evidence | None = None
    """What the features were read off."""
    contributions: Mapping[str, float] = field(default_factory=dict)
    """What each feature adds to the log-odds, and "base"."""
    confidence: float = 0.0
    """The probability, 0..1, that the quotations answer."""
    missing: tuple[str, ...] = ()
    """What the question asks for and no quotation gives (`qa.answering.notes`)."""
    window_score: float | None = None
    """The window score of all quotations together; None if it is that of the best passage."""
    compared: bool = False
    """Whether cells of a table were compared to find it: the reader cannot judge that."""


def quote_passage(question: Question, ranked: RankedPassage, settings: Answering) -> Quote:
    """Quote the span of a passage that answers, widened to whole sentences or to the passage."""
    passage, span = ranked.passage, ranked.span
    # A term and its definition, an item and the reason for it: neither stands by itself.
    if "\n" in passage.text and len(passage.text) <= settings.longest_told:
        return Quote(passage, Span(passage.start, passage.end), ranked.candidate.score)
    if question.kind == "list":
        enumerates = len(_ENUMERATING.findall(fold(passage.text))) > 1
        whole = enumerates and len(passage.text) <= settings.longest_told
        span = Span(passage.start, passage.end) if whole else whole_sentences(passage, span)
    else:
        # A window may end at a ；: quote its sentence, unless that is very long.
        wider = whole_sentences(passage, span)
        span = wider if wider.end - wider.start <= settings.longest_sentence else span
    return Quote(passage, span, ranked.candidate.score)


def whole_sentences(passage: Passage, span: Span) -> Span:
    """Widen a span across the clauses between ； to the full stops: a list in one sentence."""
    text, start, end = passage.text, span.start - passage.start, span.end - passage.start
    before = max(text.rfind(stop, 0, start) for stop in "。！？!?")
    stops = [at for stop in "。！？!?" if (at := text.find(stop, end - 1)) >= 0]
    after = min(stops) + 1 if stops else len(text)
    first = before + 1 + (len(text[before + 1 : start]) - len(text[before + 1 : start].lstrip()))
    return Span(passage.start + first, passage.start + after)


def quote_passages(
    question: Question,
    chosen: Sequence[RankedPassage],
    disagrees: bool,
    snapshot: Snapshot,
    rarity: Rarity,
    settings: Answering,
) -> Draft:
    """Quote one passage or more. The first one alone is the evidence for the confidence."""
    first = chosen[0]
    quotes = tuple(quote_passage(question, ranked, settings) for ranked in chosen)
    document = snapshot.catalogue.document(first.passage.document)
    context = f"{document.title}\n{context_of(first.passage)}"
    evidence = Evidence(quotes[0].text, context, first.candidate.dense)
    truncated = document.truncated and any(
        q.passage.document == document.id and q.span.end >= document.characters for q in quotes
    )
    features = _read_features(question, evidence, snapshot, rarity)
    return Draft(quotes, features, truncated, disagrees=disagrees, evidence=evidence)


def quote_both(
    question: Question,
    pair: tuple[RankedPassage, RankedPassage],
    retrieved: Retrieved,
    snapshot: Snapshot,
    rarity: Rarity,
    settings: Answering,
) -> Draft:
    """Quote two passages about two things that are compared, and judge them as one."""
    first, second = pair
    quotes = tuple(quote_passage(question, ranked, settings) for ranked in pair)
    contexts = [
        f"{snapshot.catalogue.document(p.document).title}\n{context_of(p)}"
        for p in (first.passage, second.passage)
    ]
    context = "\n".join(contexts)
    quoted = "\n".join(quote.text for quote in quotes)
    evidence = Evidence(quoted, context, max(first.candidate.dense, second.candidate.dense))
    text = fold(f"{context}\n{quoted}")
    lacking = int(not all(contains_term(t, text) for t in question.names + question.numbers))
    coverage = measure_coverage({term: rarity(term) for term in question.terms}, text)
    score = score_window(first.candidate, coverage, lacking, retrieved.trust)
    features = _read_features(question, evidence, snapshot, rarity)
    return Draft(quotes, features, False, evidence=evidence, window_score=score)


def quote_list(
    question: Question,
    items: ItemList,
    dense: float,
    ranked: Sequence[RankedPassage],
    snapshot: Snapshot,
    rarity: Rarity,
) -> Draft:
    """Quote each item, in order: its label and the rest of its first sentence.

    Args:
        dense: the cosine of the list and the question.
    """
    catalogue = snapshot.catalogue
    text = catalogue.trail(items.document).text
    scores = {
        r.passage.start: r.candidate.score for r in ranked if r.passage.document == items.document
    }
    quotes = []
    for item in items.items:
        whole = text[item.start : item.end]
        passage = Passage(-1, items.document, item.start, item.end, "item", items.headings, whole)
        first = split_sentences(whole)[0] if items.kind != "paragraphs" else Span(0, len(whole))
        span = whole_sentences(passage, Span(item.start + first.start, item.start + first.end))
        quotes.append(Quote(passage, span, scores.get(item.start, ranked[0].candidate.score)))
    intro = text[items.intro.start : items.intro.end] if items.intro else ""
    title = catalogue.document(items.document).title
    quoted = "\n".join([intro, *(text[q.span.start : q.span.end] for q in quotes)])
    evidence = Evidence(quoted, "\n".join((title, *items.headings)), dense)
    heading = read_item_title(items.headings[-1]) if items.headings else ""
    said = intro if items.kind == "items" else ""
    miscount = compare_counts(said, heading, question.item_count, len(quotes))
    # A list that breaks off has its own note, and one with the id -1 is a choice of items.
    is_whole = items.id >= 0 and not items.truncated
    miscounts = (miscount,) if miscount and is_whole else ()
    features = _read_features(question, evidence, snapshot, rarity)
    return Draft(tuple(quotes), features, items.truncated, miscounts, evidence=evidence)


def quote_rows(
    question: Question,
    table: TableRows,
    ranked: Sequence[RankedPassage],
    snapshot: Snapshot,
    rarity: Rarity,
) -> Draft:
    """Quote the rows of a table, in order, each with its header."""
    scores = {r.passage.id: r.candidate.score for r in ranked}
    lowest = min(scores.values())
    quotes = tuple(
        Quote(row, Span(row.start, row.end), scores.get(row.id, lowest)) for row in table.rows
    )
    title = snapshot.catalogue.document(table.rows[0].document).title
    context = "\n".join((title, *table.rows[0].headings, table.context))
    judged = "\n".join(row.text for row in table.judged or table.rows)
    evidence = Evidence(judged, context, table.dense)
    features = _read_features(replace(question, terms=table.terms), evidence, snapshot, rarity)
    return Draft(quotes, features, False, evidence=evidence, compared=bool(table.judged))


def quote_inline_list(
    question: Question,
    ranked: RankedPassage,
    items: InlineList,
    snapshot: Snapshot,
    rarity: Rarity,
) -> Draft:
    """Quote each item of a list inside a paragraph."""
    passage = ranked.passage
    quotes = []
    for item in items.items:
        span = Span(passage.start + item.start, passage.start + item.end)
        text = passage.text[item.start : item.end]
        own = Passage(-1, passage.document, span.start, span.end, "item", passage.headings, text)
        quotes.append(Quote(own, span, ranked.candidate.score))
    title = snapshot.catalogue.document(passage.document).title
    intro = passage.text[items.intro.start : items.intro.end]
    quoted = "\n".join([intro, *(quote.passage.text for quote in quotes)])
    context = "\n".join((title, *passage.headings))
    evidence = Evidence(quoted, context, ranked.candidate.dense)
    miscount = compare_counts(intro, "", question.item_count, len(quotes))
    miscounts = (miscount,) if miscount else ()
    features = _read_features(question, evidence, snapshot, rarity)
    return Draft(tuple(quotes), features, False, miscounts, evidence=evidence)


def _read_features(
    question: Question, evidence: Evidence, snapshot: Snapshot, rarity: Rarity
) -> Features | None:
    """Return None for a question that has no words of its own: 第三个是什么."""
    if not question.terms:
        return None
    return read_features(question, evidence, rarity, snapshot.segmenter)
