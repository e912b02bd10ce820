"""Ranked passages to what is quoted, and how sure that is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from indexer.store.snapshot import Snapshot
from indexer.structure.passages import split_sentences
from indexer.text.fold import fold
from indexer.text.segment import Segmenter
from indexer.types import ItemList, Passage, Span
from qa.matching import Rarity, holds, rarity_in, share_held
from qa.question import Question, read_question
from qa.retrieval.cross_encoder import Rerank, reranked
from qa.retrieval.hybrid import Retrieved
from qa.retrieval.passages import order
from qa.retrieval.sentences import Encode, pinpoint
from qa.retrieval.windows import Appraisal, appraise, is_only_intro, label_of, worth_of
from qa.settings import DEFAULTS, Answering, Settings

from .comparison import other_part, things_asked
from .confidence import Evidence, Features, confidence, read_features, weigh
from .contradictions import disagreeing
from .inline_lists import Told, told_lists
from .lists import matching_list
from .notes import Miscount, miscount, missing_in
from .sections import asked_section
from .table_rows import Table, asked_rows

# A list that a paragraph tells in turn is quoted whole, if it is not very long.
_IN_TURN = re.compile(
    r"一方面|首先|其次|再次|最后|此外|另外|一是|二是|三是|第一,|第二,|第三,|其一|其二"
)


@dataclass(frozen=True, slots=True)
class Quote:
    """What will be quoted of a passage, and why it was chosen."""

    passage: Passage
    span: Span
    score: float

    @property
    def text(self) -> str:
        """The quotation."""
        start = self.passage.start
        return self.passage.text[self.span.start - start : self.span.end - start]


@dataclass(frozen=True, slots=True)
class Draft:
    """An answer before its citations are drawn up.

    truncated: it breaks off with the report. counts: where its items are more or fewer than said.
    disagrees: its quotations give different figures for one thing. ranked: the passages that were
    looked at, best first. evidence: what the features were read off. added: what they add to the log-odds.
    missing: what the question asks for and no quotation gives (`qa.answering.notes`). worth: of all that is
    quoted, where that is not the best passage's (`qa.retrieval.windows`).
    """

    quotes: tuple[Quote, ...]
    features: Features | None
    truncated: bool
    counts: tuple[Miscount, ...] = ()
    disagrees: bool = False
    ranked: tuple[Appraisal, ...] = ()
    evidence: Evidence | None = None
    added: Mapping[str, float] = field(default_factory=dict)
    confidence: float = 0.0
    missing: tuple[str, ...] = ()
    worth: float | None = None


def draft_answer(
    question: Question,
    retrieved: Retrieved,
    snapshot: Snapshot,
    settings: Settings = DEFAULTS,
    encode: Encode | None = None,
    rerank: Rerank | None = None,
) -> Draft:
    """Decides what to quote, and how sure that is.

    Args:
        encode: encodes questions, for `pinpoint`. rerank: a cross-encoder, if one is named.
    """
    rarity = rarity_in(snapshot)
    by_window, ranked = rank(question, retrieved, snapshot, rarity, settings, encode, rerank)
    if not ranked:
        return Draft((), None, False)
    draft = _list_like(question, retrieved, by_window, snapshot, rarity)
    if draft is None:
        draft = _passage_draft(question, ranked, retrieved, snapshot, rarity, settings.answer)
    return _weighed(question, replace(draft, ranked=tuple(ranked)), retrieved)


def _weighed(question: Question, draft: Draft, retrieved: Retrieved) -> Draft:
    """With what the ranking says of its confidence."""
    if draft.features is None:
        return draft
    best = draft.ranked[0]
    words = sorted((c.lexical for c in retrieved.candidates), reverse=True)
    features = replace(
        draft.features,
        worth=best.worth if draft.worth is None else draft.worth,
        chance=max(best.chance, _quoted_chance(draft)),
        support=words[0] / retrieved.bound if retrieved.bound else 0.0,
        lead=1 - words[:4][-1] / words[0] if words[0] else 0.0,
        trust=retrieved.trust,
    )
    added = weigh(features)
    quoted = fold("\n".join(quote.text for quote in draft.quotes))
    context = fold(draft.evidence.context) if draft.evidence else ""
    return replace(
        draft,
        features=features,
        added=added,
        confidence=confidence(added),
        missing=missing_in(question, quoted, context),
    )


def _quoted_chance(draft: Draft) -> float:
    """The chance of all that is quoted: the rows of a table share what one passage would have."""
    spans = {(q.passage.document, q.passage.start, q.passage.end) for q in draft.quotes}
    return sum(
        one.chance
        for one in draft.ranked
        if (one.passage.document, one.passage.start, one.passage.end) in spans
    )


def rank(
    question: Question,
    retrieved: Retrieved,
    snapshot: Snapshot,
    rarity: Rarity,
    settings: Settings = DEFAULTS,
    encode: Encode | None = None,
    rerank: Rerank | None = None,
) -> tuple[list[Appraisal], list[Appraisal]]:
    """The first candidates ranked by their best windows, and once more with their sentences."""
    by_window = appraise(question, retrieved, snapshot.catalogue, rarity, settings.appraise)
    ranked, how = by_window, settings.pinpoint
    if how.passages:
        encode = encode if how.reread else None
        looked = pinpoint(question, by_window, retrieved, snapshot, rarity, encode, how)
        ranked = order(question, looked, retrieved)
    if rerank is not None:
        ranked = reranked(question.text, ranked, rerank)
    return by_window, ranked


def _list_like(
    question: Question,
    retrieved: Retrieved,
    ranked: Sequence[Appraisal],
    snapshot: Snapshot,
    rarity: Rarity,
) -> Draft | None:
    """A section that the question names, rows of a table or a list; None where none answers."""
    documents = [c.document for c in retrieved.candidates]
    section = asked_section(question.text, documents, snapshot.catalogue)
    if section is not None:
        # It is found by its title: the rest of the question only asks to be told of it.
        named = read_question(section.title, snapshot.segmenter)
        nearest = max(a.candidate.dense for a in ranked)
        return _list_draft(named, section.items, nearest, ranked, snapshot, rarity)
    table = asked_rows(question, ranked, snapshot.catalogue, rarity)
    if table is not None:
        return _rows_draft(question, table, ranked, snapshot, rarity)
    found = matching_list(
        question, retrieved, ranked, snapshot.catalogue, rarity, snapshot.segmenter
    )
    if found is not None:
        return _list_draft(question, found[0], found[1], ranked, snapshot, rarity)
    return None


def _passage_draft(
    question: Question,
    ranked: Sequence[Appraisal],
    retrieved: Retrieved,
    snapshot: Snapshot,
    rarity: Rarity,
    how: Answering,
) -> Draft:
    """Quotes the best window of the best passage, and of the next one if it is as good."""
    # A passage that only introduces a list says nothing without it.
    ranked = [a for a in ranked if not is_only_intro(a.passage)] or ranked
    first = ranked[0]
    share = retrieved.trust * how.second + (1 - retrieved.trust) * how.second_unsure
    # The same passage of another report adds nothing, in whichever script.
    others = [a for a in ranked[1:] if fold(a.passage.text) != fold(first.passage.text)]
    chosen = [first, *(a for a in others[:1] if a.worth >= share * first.worth)]
    told = _told_by(question, chosen)
    if told is not None:
        return _told_draft(question, *told, snapshot, rarity)
    catalogue = snapshot.catalogue
    mine = _quote(question, first, how).span
    odd = disagreeing(question, first, mine, others, catalogue, rarity, snapshot.segmenter)
    if odd is not None:
        chosen = [first, odd]
    elif (things := things_asked(question)) is not None:
        other = other_part(things, first, others, rarity)
        if other is not None:
            return _both_draft(things, first, other, retrieved, snapshot, rarity, how)
    quotes = tuple(_quote(question, a, how) for a in chosen)
    document = catalogue.document(first.passage.document)
    context = "\n".join((document.title, *first.passage.headings, first.passage.header))
    evidence = Evidence(quotes[0].text, context, first.candidate.dense)
    features = _features(question, evidence, rarity, snapshot.segmenter)
    truncated = document.truncated and any(
        q.passage.document == document.id and q.span.end >= document.characters for q in quotes
    )
    return Draft(
        quotes,
        features,
        truncated,
        disagrees=odd is not None,
        evidence=evidence,
    )


def _both_draft(
    question: Question,
    first: Appraisal,
    other: Appraisal,
    retrieved: Retrieved,
    snapshot: Snapshot,
    rarity: Rarity,
    how: Answering,
) -> Draft:
    """Quotes two passages that tell of two things, and judges them as one."""
    quotes = tuple(_quote(question, one, how) for one in (first, other))
    around = [
        (snapshot.catalogue.document(p.document).title, *p.headings, p.header)
        for p in (first.passage, other.passage)
    ]
    context = "\n".join(part for parts in around for part in parts)
    told = "\n".join(quote.text for quote in quotes)
    evidence = Evidence(told, context, max(first.candidate.dense, other.candidate.dense))
    said = fold(f"{context}\n{told}")
    lacks = int(not all(holds(term, said) for term in question.names + question.numbers))
    held = share_held({term: rarity(term) for term in question.terms}, said)
    worth = worth_of(first.candidate, held, lacks, retrieved.trust)
    features = _features(question, evidence, rarity, snapshot.segmenter)
    return Draft(quotes, features, False, evidence=evidence, worth=worth)


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
        first = split_sentences(whole)[0] if items.kind != "paragraphs" else Span(0, len(whole))
        span = whole_sentences(passage, Span(item.start + first.start, item.start + first.end))
        quotes.append(Quote(passage, span, scores.get(item.start, ranked[0].candidate.score)))
    intro = text[items.intro.start : items.intro.end] if items.intro else ""
    title = catalogue.document(items.document).title
    told = "\n".join([intro, *(text[q.span.start : q.span.end] for q in quotes)])
    context = "\n".join((title, *items.headings))
    evidence = Evidence(told, context, dense)
    features = _features(question, evidence, rarity, snapshot.segmenter)
    heading = label_of(items.headings[-1]) if items.headings else ""
    count = miscount(intro if items.kind == "items" else "", heading, question.count, len(quotes))
    # One that breaks off says so; one picked out of another is not the list that was counted.
    counted = items.id >= 0 and not items.truncated
    counts = (count,) if count and counted else ()
    return Draft(
        tuple(quotes),
        features,
        items.truncated,
        counts,
        evidence=evidence,
    )


def _rows_draft(
    question: Question,
    table: Table,
    ranked: Sequence[Appraisal],
    snapshot: Snapshot,
    rarity: Rarity,
) -> Draft:
    """Quotes the rows of a table, in order, each with its header."""
    scores = {a.passage.id: a.candidate.score for a in ranked}
    lowest = min(scores.values())
    quotes = tuple(
        Quote(row, Span(row.start, row.end), scores.get(row.id, lowest)) for row in table.rows
    )
    title = snapshot.catalogue.document(table.rows[0].document).title
    context = "\n".join((title, *table.rows[0].headings, table.told))
    evidence = Evidence("\n".join(row.text for row in table.rows), context, table.dense)
    features = _features(replace(question, terms=table.terms), evidence, rarity, snapshot.segmenter)
    return Draft(quotes, features, False, evidence=evidence)


def _told_by(question: Question, chosen: Sequence[Appraisal]) -> tuple[Appraisal, Told] | None:
    """The passage whose best window touches a list that it tells in turn, with that list.

    One of just as many items as the question says goes before one that only stands higher.
    """
    if question.kind != "list":
        return None
    found = []
    for place, one in enumerate(chosen):
        at = one.passage.start
        for told in told_lists(one.passage.text):
            first = min(told.intro.start, told.items[0].start) + at
            fits = question.count == len(told.items)
            if not fits and _names_one_item(question, one.passage, told):
                continue
            if first < one.span.end and one.span.start < told.items[-1].end + at:
                found.append((not fits, place, told.items[0].start, one, told))
    best = min(found, key=lambda f: f[:3], default=None)
    return (best[3], best[4]) if best and (best[1] == 0 or not best[0]) else None


def _names_one_item(question: Question, passage: Passage, told: Told) -> bool:
    """Whether a word of the question stands in just one item, and not in what introduces them:
    恒温区用来存放哪些货物 is about one of four."""
    items = [fold(passage.text[item.start : item.end]) for item in told.items]
    intro = passage.text[told.intro.start : told.intro.end]
    said = fold("\n".join((*passage.headings, intro)))
    words = (term.word for term in question.terms)
    return any(word not in said and sum(word in i for i in items) == 1 for word in words)


def _told_draft(
    question: Question, told_by: Appraisal, told: Told, snapshot: Snapshot, rarity: Rarity
) -> Draft:
    """Quotes each item of a list that a paragraph tells in turn."""
    passage, catalogue = told_by.passage, snapshot.catalogue
    quotes = []
    for item in told.items:
        span = Span(passage.start + item.start, passage.start + item.end)
        text = passage.text[item.start : item.end]
        own = Passage(-1, passage.document, span.start, span.end, "item", passage.headings, text)
        quotes.append(Quote(own, span, told_by.candidate.score))
    title = catalogue.document(passage.document).title
    intro = passage.text[told.intro.start : told.intro.end]
    items = "\n".join([intro, *(quote.passage.text for quote in quotes)])
    context = "\n".join((title, *passage.headings))
    evidence = Evidence(items, context, told_by.candidate.dense)
    features = _features(question, evidence, rarity, snapshot.segmenter)
    count = miscount(intro, "", question.count, len(quotes))
    counts = (count,) if count else ()
    return Draft(tuple(quotes), features, False, counts, evidence=evidence)


def _quote(question: Question, appraisal: Appraisal, how: Answering) -> Quote:
    passage, span = appraisal.passage, appraisal.span
    if question.kind == "list":
        told_in_turn = len(_IN_TURN.findall(fold(passage.text))) > 1
        whole = told_in_turn and len(passage.text) <= how.longest_told
        span = Span(passage.start, passage.end) if whole else whole_sentences(passage, span)
    else:
        # A window may end at a ；: its sentence is quoted, unless that is very long.
        wider = whole_sentences(passage, span)
        span = wider if wider.end - wider.start <= how.longest_sentence else span
    return Quote(passage, span, appraisal.candidate.score)


def whole_sentences(passage: Passage, span: Span) -> Span:
    """Widens a span over the clauses between ； to full stops: a list told in one sentence."""
    text, start, end = passage.text, span.start - passage.start, span.end - passage.start
    before = max(text.rfind(stop, 0, start) for stop in "。！？!?")
    stops = [at for stop in "。！？!?" if (at := text.find(stop, end - 1)) >= 0]
    after = min(stops) + 1 if stops else len(text)
    first = before + 1 + (len(text[before + 1 : start]) - len(text[before + 1 : start].lstrip()))
    return Span(passage.start + first, passage.start + after)


def _features(
    question: Question, evidence: Evidence, rarity: Rarity, segmenter: Segmenter
) -> Features | None:
    """Return None for a question that has no words of its own: 第三个是什么."""
    return read_features(question, evidence, rarity, segmenter) if question.terms else None
