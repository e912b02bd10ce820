"""Ranked passages to a cited answer, or to the word that the reports do not say."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from indexer.catalogue import Catalogue
from indexer.fold import fold
from indexer.passages import sentences
from indexer.snapshot import Snapshot

from .appraise import Appraisal, Rarity, appraise, is_only_intro, rarity_in
from .confidence import Evidence, Features, confidence, read_features
from .lists import matching_list
from .question import Question
from .reading import page_at
from .retrieve import Retrieved
from .types import Citation, ItemList, Passage, Span

REFUSAL = {"zh": "报告没有说明这一点。", "en": "The reports do not say."}
_TRUNCATED = {
    "zh": "报告在此处中断，后面的内容缺失。",
    "en": "The report breaks off here; what followed is missing.",
}
_NOT_CHINESE = {
    "zh": "报告是中文的，请用中文提问。",
    "en": "The reports are in Chinese; please ask in Chinese.",
}
# A second passage is quoted as well where its worth reaches this share of the first's: where the
# question shares its words with the report, and where it shares none.
_SECOND, _SECOND_UNSURE = 0.95, 0.75
# A list that a paragraph tells in turn is quoted whole, up to this many characters.
_IN_TURN = re.compile(
    r"一方面|首先|其次|再次|最后|此外|另外|一是|二是|三是|第一,|第二,|第三,|其一|其二"
)
_LONGEST_TOLD, _LONGEST_SENTENCE = 400, 160


@dataclass(frozen=True, slots=True)
class Quote:
    """What will be quoted of a passage, and why it was chosen."""

    passage: Passage
    span: Span
    score: float


@dataclass(frozen=True, slots=True)
class Draft:
    """An answer before its citations are drawn up. truncated: it breaks off with the report."""

    quotes: tuple[Quote, ...]
    confidence: float
    features: Features | None
    truncated: bool


def draft_answer(question: Question, retrieved: Retrieved, snapshot: Snapshot) -> Draft:
    """Decides what to quote, and how sure that is."""
    rarity = rarity_in(snapshot)
    ranked = appraise(question, retrieved, snapshot.catalogue, rarity)
    if not ranked:
        return Draft((), 0.0, None, False)
    found = matching_list(question, retrieved, ranked, snapshot.catalogue, rarity)
    if found is not None:
        return _list_draft(question, found[0], found[1], ranked, snapshot, rarity)
    return _passage_draft(question, ranked, retrieved, snapshot, rarity)


def _passage_draft(
    question: Question,
    ranked: Sequence[Appraisal],
    retrieved: Retrieved,
    snapshot: Snapshot,
    rarity: Rarity,
) -> Draft:
    """Quotes the best window of the best passage, and of the next one if it is as good."""
    # A passage that only introduces a list says nothing without it.
    ranked = [a for a in ranked if not is_only_intro(a.passage)] or ranked
    first = ranked[0]
    share = retrieved.trust * _SECOND + (1 - retrieved.trust) * _SECOND_UNSURE
    # The same sentence of another report adds nothing.
    others = [a for a in ranked[1:] if a.passage.text != first.passage.text]
    chosen = [first, *(a for a in others[:1] if a.worth >= share * first.worth)]
    quotes = tuple(_quote(question, a) for a in chosen)
    catalogue = snapshot.catalogue
    document = catalogue.document(first.passage.document)
    text = first.passage.text[
        quotes[0].span.start - first.passage.start : quotes[0].span.end - first.passage.start
    ]
    context = "\n".join((document.title, *first.passage.headings, first.passage.header))
    evidence = Evidence(text, context, first.candidate.dense)
    features = read_features(question, evidence, rarity)
    truncated = document.truncated and any(
        q.passage.document == document.id and q.span.end >= document.characters for q in quotes
    )
    return Draft(quotes, _sure(question, features), features, truncated)


def _list_draft(
    question: Question,
    items: ItemList,
    dense: float,
    ranked: Sequence[Appraisal],
    snapshot: Snapshot,
    rarity: Rarity,
) -> Draft:
    """Quotes each item, in order: its label and the rest of its first sentence."""
    catalogue = snapshot.catalogue
    text = catalogue.trail(items.document).text
    scores = {
        a.passage.start: a.candidate.score for a in ranked if a.passage.document == items.document
    }
    quotes = []
    for item in items.items:
        whole = text[item.start : item.end]
        passage = Passage(-1, items.document, item.start, item.end, "item", items.headings, whole)
        first = sentences(whole)[0]
        span = whole_sentences(passage, Span(item.start + first.start, item.start + first.end))
        quotes.append(Quote(passage, span, scores.get(item.start, ranked[0].candidate.score)))
    intro = text[items.intro.start : items.intro.end] if items.intro else ""
    title = catalogue.document(items.document).title
    told = "\n".join([intro, *(text[q.span.start : q.span.end] for q in quotes)])
    context = "\n".join((title, *items.headings))
    evidence = Evidence(told, context, dense)
    features = read_features(question, evidence, rarity)
    return Draft(tuple(quotes), _sure(question, features), features, items.truncated)


def _quote(question: Question, appraisal: Appraisal) -> Quote:
    passage, span = appraisal.passage, appraisal.span
    if question.kind == "list":
        told_in_turn = len(_IN_TURN.findall(fold(passage.text))) > 1
        whole = told_in_turn and len(passage.text) <= _LONGEST_TOLD
        span = Span(passage.start, passage.end) if whole else whole_sentences(passage, span)
    else:
        # A window may end at a ；: its sentence is quoted, unless that is very long.
        wider = whole_sentences(passage, span)
        span = wider if wider.end - wider.start <= _LONGEST_SENTENCE else span
    return Quote(passage, span, appraisal.candidate.score)


def whole_sentences(passage: Passage, span: Span) -> Span:
    """Widens a span over the clauses between ； to full stops: a list told in one sentence."""
    text, start, end = passage.text, span.start - passage.start, span.end - passage.start
    before = max(text.rfind(stop, 0, start) for stop in "。！？!?")
    stops = [at for stop in "。！？!?" if (at := text.find(stop, end - 1)) >= 0]
    after = min(stops) + 1 if stops else len(text)
    first = before + 1 + (len(text[before + 1 : start]) - len(text[before + 1 : start].lstrip()))
    return Span(passage.start + first, passage.start + after)


def cite(draft: Draft, catalogue: Catalogue) -> tuple[Citation, ...]:
    """Draws up the citation of each quotation and checks it against the raw text.

    Raises:
        AssertionError: a quotation is not what its raw span cleans to; never shown as an answer.
    """
    citations = []
    for quote in draft.quotes:
        document = catalogue.document(quote.passage.document)
        trail = catalogue.trail(document.id)
        # A repair is quoted whole, since its raw text has no halves.
        start, end = trail.whole_edits(quote.span.start, quote.span.end)
        raw_start, raw_end = trail.raw_span(start, end)
        text = trail.text[start:end]
        if text != trail.clean_of(raw_start, raw_end):
            raise AssertionError(f"{document.path}: {text!r} is not what its raw span cleans to")
        page = page_at(catalogue.pages(document.id), raw_start)
        citations.append(
            Citation(
                document.path,
                document.title,
                quote.passage.headings,
                text,
                start,
                end,
                raw_start,
                raw_end,
                page,
                quote.score,
                quote.passage.header,
            )
        )
    return tuple(citations)


def _sure(question: Question, features: Features) -> float:
    """The confidence; none where a question has no words of its own, as 第三个是什么 has not."""
    return confidence(features) if question.words else 0.0


def compose(
    question: str, draft: Draft, citations: Sequence[Citation], threshold: float, language: str
) -> tuple[str, str, bool]:
    """(answer text, note, abstained): each quotation on a line with its number, or the refusal."""
    if draft.confidence < threshold or not citations:
        chinese = re.search(r"[\u3400-\u9fff]", question)
        return REFUSAL[language], "" if chinese else _NOT_CHINESE[language], True
    lines = [f"{c.quote} [{number}]" for number, c in enumerate(citations, 1)]
    return "\n".join(lines), _TRUNCATED[language] if draft.truncated else "", False
