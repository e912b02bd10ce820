"""Ranked passages to a cited answer, or to the word that the reports do not say."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from indexer.catalogue import Catalogue
from indexer.fold import fold
from indexer.outline import build_outline
from indexer.passages import sentences
from indexer.segment import content_words
from indexer.snapshot import Snapshot

from .confidence import Features, confidence, read_features, share_held
from .question import Question, years_in
from .retrieve import Candidate, Retrieved
from .types import Citation, ItemList, Passage, Span, Window

Rarity = Callable[[str], float]

REFUSAL = {"zh": "报告没有说明这一点。", "en": "The reports do not say."}
_TRUNCATED = {
    "zh": "报告在此处中断，后面的内容缺失。",
    "en": "The report breaks off here; what followed is missing.",
}
# A second passage is quoted as well where its worth reaches this share of the first's: where the
# question shares its words with the report, and where it shares none.
_SECOND, _SECOND_UNSURE = 0.95, 0.75
# A passage's worth as an answer: its fused score, plus this much for holding all the question's
# words in one window, less this share of it for lacking a year, and for lacking a name or number,
# plus a little for the window that is nearest by meaning. What it holds counts as far as the
# question's words can be trusted.
_HELD, _MISSING, _NEAREST = 0.5, 0.6, 0.05
# What an item gains whose label stands in the question: 安全要求讲了什么 asks for `2.安全要求:…`.
_LABELLED = 0.15
# A list that a paragraph tells in turn is quoted whole, up to this many characters.
_IN_TURN = re.compile(
    r"一方面|首先|其次|再次|最后|此外|另外|一是|二是|三是|第一,|第二,|第三,|其一|其二"
)
_LONGEST_TOLD = 400
# How many candidates are looked at so closely.
_DEPTH = 8
# A list answers where its own window is at most this much farther from the question than the
# nearest passage (cosines), if the best passages belong to it. On the seed report's list questions
# the gap goes up to 0.022 where the best passage introduces the list, else to 0.012; on factual
# ones that say 哪些 it is 0.026 and more.
_INTRO_SLACK, _LIST_SLACK = 0.025, 0.015
# How much less of the question's words a list may hold than the best passage, what its cosine gains
# for holding all of them, and the share of an item's words that name it.
_HELD_SLACK, _TOLD, _NAMED = 0.05, 0.02, 0.75
# What a list's cosine gains where it has just as many items as the question says, or else loses.
_COUNT_FITS, _COUNT_DIFFERS = 0.03, -0.05


@dataclass(frozen=True, slots=True)
class Quote:
    """What will be quoted of a passage, and why it was chosen."""

    passage: Passage
    span: Span
    score: float


@dataclass(frozen=True, slots=True)
class Appraisal:
    """A candidate looked at closely: its best window and its worth as an answer.

    held: the share of the question's words, weighed by rarity, that window and headings hold.
    """

    candidate: Candidate
    span: Span
    worth: float
    held: float

    @property
    def passage(self) -> Passage:
        """The candidate's passage."""
        return self.candidate.passage


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
        return _list_draft(question, found[0], found[1], ranked, retrieved.trust, snapshot, rarity)
    return _passage_draft(question, ranked, retrieved.trust, snapshot, rarity)


def _passage_draft(
    question: Question,
    ranked: Sequence[Appraisal],
    trust: float,
    snapshot: Snapshot,
    rarity: Rarity,
) -> Draft:
    """Quotes the best window of the best passage, and of the next one if it is as good."""
    # A passage that only introduces a list says nothing without it.
    ranked = [a for a in ranked if not _is_intro(a.passage)] or ranked
    first = ranked[0]
    margin = first.worth - (ranked[1].worth if len(ranked) > 1 else 0.0)
    share = trust * _SECOND + (1 - trust) * _SECOND_UNSURE
    chosen = [a for a in ranked[:2] if a is first or a.worth >= share * first.worth]
    quotes = tuple(_quote(question, a) for a in chosen)
    catalogue = snapshot.catalogue
    document = catalogue.document(first.passage.document)
    text = first.passage.text[
        quotes[0].span.start - first.passage.start : quotes[0].span.end - first.passage.start
    ]
    context = "\n".join((document.title, *first.passage.headings, first.passage.header))
    features = read_features(question, text, context, first.candidate.dense, margin, trust, rarity)
    truncated = document.truncated and any(
        q.passage.document == document.id and q.span.end >= document.characters for q in quotes
    )
    return Draft(quotes, confidence(features), features, truncated)


def rarity_in(snapshot: Snapshot) -> Rarity:
    """A word's inverse document frequency over the passages, scaled to 0..1."""
    total = snapshot.lexical.size
    most = math.log(1 + total / 0.5)

    def rarity(word: str) -> float:
        return math.log(1 + total / (snapshot.lexical.frequency(word) + 0.5)) / most

    return rarity


def appraise(
    question: Question, retrieved: Retrieved, catalogue: Catalogue, rarity: Rarity
) -> list[Appraisal]:
    """Ranks candidates anew by their best window: fused score and what it holds of the question."""
    weights = {word: rarity(word) for word in question.words}
    candidates = retrieved.candidates[:_DEPTH]
    windows: dict[int, list[Window]] = {}
    for window in catalogue.windows_of([c.passage.id for c in candidates]):
        if window.kind == "text":
            windows.setdefault(window.passage, []).append(window)

    def look(candidate: Candidate, window: Window) -> Appraisal:
        passage = candidate.passage
        own = passage.text[window.start - passage.start : window.end - passage.start]
        said = fold("\n".join((*passage.headings, passage.header, own)))
        held = share_held(weights, said)
        years = years_in(fold(own)) or years_in(said)
        lacks = any(word not in said for word in question.names + question.numbers)
        lacks += any(year not in years for year in question.years)
        worth = candidate.score + _HELD * (retrieved.trust * held - _MISSING * lacks)
        worth += _NEAREST * (window.id == candidate.window.id)
        worth += _LABELLED * (
            passage.kind == "item" and fold(label_of(passage.text)) in question.text
        )
        return Appraisal(candidate, Span(window.start, window.end), worth, held)

    looked = [
        max((look(c, w) for w in windows[c.passage.id]), key=lambda a: a.worth) for c in candidates
    ]
    return sorted(looked, key=lambda a: (-a.worth, a.passage.id))


def label_of(item: str) -> str:
    """What an item of a list is called: its words up to the colon, without the number."""
    nodes = build_outline(item)
    return nodes[0].title if nodes else item


def _is_intro(passage: Passage) -> bool:
    """Whether a passage only introduces a list."""
    return passage.text.rstrip()[-1:] in (":", "：")


def matching_list(
    question: Question,
    retrieved: Retrieved,
    ranked: Sequence[Appraisal],
    catalogue: Catalogue,
    rarity: Rarity,
) -> tuple[ItemList, float] | None:
    """The list that answers, with its cosine; None where a passage answers better.

    A list must hold about as much of the question as the best passage, and its window be about
    as near: least so where the question asks for a list and the best passage introduces this one,
    most where nothing but its own window speaks for it.
    """
    best = ranked[0]
    wants = question.kind == "list"
    if not wants and not _is_intro(best.passage):
        return None
    nearest = max(a.candidate.dense for a in ranked)
    weights = {word: rarity(word) for word in question.words}
    fitting = []
    for one in retrieved.lists[:_DEPTH]:
        items = catalogue.list_of(one.window.id)
        if items is None or _asks_for_one(question, items, catalogue):
            continue
        held = share_held(weights, _told(items, catalogue))
        if held >= best.held - _HELD_SLACK:
            fitting.append((one.dense + _count_bonus(question, items) + _TOLD * held, items))
    for dense, items in sorted(fitting, key=lambda pair: (-pair[0], pair[1].id)):
        introduces = (
            items.document == best.passage.document
            and items.intro is not None
            and items.intro.start == best.passage.start
        )
        if (
            (wants and introduces and _is_intro(best.passage))
            or (introduces and dense >= nearest - _INTRO_SLACK * wants)
            or (wants and dense >= nearest and _stands_near(items, ranked))
            or (wants and dense >= nearest - _LIST_SLACK and _share(items, ranked) >= 2)
        ):
            return items, dense
    return None


def _told(items: ItemList, catalogue: Catalogue) -> str:
    """What a list says of itself: its heading, the sentence before it, and its items' labels."""
    text = catalogue.trail(items.document).text
    spans = ([items.intro] if items.intro else []) + list(items.labels)
    return fold("\n".join((*items.headings[-1:], *(text[s.start : s.end] for s in spans))))


def _asks_for_one(question: Question, items: ItemList, catalogue: Catalogue) -> bool:
    """Whether the question names just one of the items: it is about that one, not the list."""
    text = catalogue.trail(items.document).text
    labels = [fold(text[span.start : span.end]) for span in items.labels]
    return sum(label in question.text or _named(label, question.text) for label in labels) == 1


def _named(label: str, text: str) -> bool:
    """Whether nearly all words of a label stand in a folded text; of one word, that word."""
    words = content_words(label)
    return len(words) > 1 and sum(word in text for word in words) >= _NAMED * len(words)


def _count_bonus(question: Question, items: ItemList) -> float:
    if not question.count or items.kind == "headings":
        return 0.0
    return _COUNT_FITS if len(items.items) == question.count else _COUNT_DIFFERS


def _stands_near(items: ItemList, ranked: Sequence[Appraisal]) -> bool:
    """Whether one of the first three passages stands under the list's heading, or further down."""
    depth = len(items.headings)
    return any(
        a.passage.document == items.document and a.passage.headings[:depth] == items.headings
        for a in ranked[:3]
    )


def _share(items: ItemList, ranked: Sequence[Appraisal]) -> int:
    """How many of the first four passages are items of a list, if the first is; else 0."""
    starts = {span.start for span in items.items}
    mine = [a.passage.document == items.document and a.passage.start in starts for a in ranked[:4]]
    return sum(mine) if mine[0] else 0


def _list_draft(
    question: Question,
    items: ItemList,
    dense: float,
    ranked: Sequence[Appraisal],
    trust: float,
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
        first = sentences(text[item.start : item.end])[0]
        span = Span(item.start + first.start, item.start + first.end)
        passage = Passage(
            -1,
            items.document,
            item.start,
            item.end,
            "item",
            items.headings,
            text[item.start : item.end],
        )
        quotes.append(Quote(passage, span, scores.get(item.start, ranked[0].candidate.score)))
    intro = text[items.intro.start : items.intro.end] if items.intro else ""
    title = catalogue.document(items.document).title
    whole = "\n".join([intro, *(text[q.span.start : q.span.end] for q in quotes)])
    features = read_features(
        question, whole, "\n".join((title, *items.headings)), dense, 0.0, trust, rarity
    )
    return Draft(tuple(quotes), confidence(features), features, items.truncated)


def _quote(question: Question, appraisal: Appraisal) -> Quote:
    passage, span = appraisal.passage, appraisal.span
    if question.kind == "list":
        told_in_turn = len(_IN_TURN.findall(fold(passage.text))) > 1
        whole = told_in_turn and len(passage.text) <= _LONGEST_TOLD
        span = Span(passage.start, passage.end) if whole else _whole_sentences(passage, span)
    return Quote(passage, span, appraisal.candidate.score)


def _whole_sentences(passage: Passage, span: Span) -> Span:
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
        raw_start, raw_end = trail.raw_span(quote.span.start, quote.span.end)
        text = trail.text[quote.span.start : quote.span.end]
        if text not in trail.clean_of(raw_start, raw_end):
            raise AssertionError(f"{document.path}: {text!r} is not what its raw span cleans to")
        page = next((p.number for p in catalogue.pages(document.id) if raw_start < p.end), None)
        citations.append(
            Citation(
                document.path,
                document.title,
                quote.passage.headings,
                text,
                quote.span.start,
                quote.span.end,
                raw_start,
                raw_end,
                page,
                quote.score,
                quote.passage.header,
            )
        )
    return tuple(citations)


def compose(
    draft: Draft, citations: Sequence[Citation], threshold: float, language: str
) -> tuple[str, str, bool]:
    """(answer text, note, abstained): each quotation on a line with its number, or the refusal."""
    if draft.confidence < threshold or not citations:
        return REFUSAL[language], "", True
    lines = [f"{c.quote} [{number}]" for number, c in enumerate(citations, 1)]
    return "\n".join(lines), _TRUNCATED[language] if draft.truncated else "", False
