"""What to quote for a question (a section, table rows, a list or passages), and how sure that is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from indexer.store.catalogue import Catalogue
from indexer.store.snapshot import Snapshot
from indexer.text.fold import fold
from indexer.types import Passage, Span
from qa.confidence.estimate import add_reading, compute_contributions, to_probability
from qa.matching import Rarity, rarity_in
from qa.question import Question, read_question
from qa.retrieval.cross_encoder import Rerank
from qa.retrieval.hybrid import Retrieved
from qa.retrieval.rank import rank_passages
from qa.retrieval.reading import Read
from qa.retrieval.sentences import Encode
from qa.retrieval.windows import RankedPassage, is_only_intro
from qa.settings import DEFAULTS, Answering, Settings

from .comparison import find_complement, without_comparing_words
from .contradictions import find_contradiction
from .inline_lists import InlineList, find_inline_lists
from .lists import find_list
from .notes import find_missing
from .quoting import (
    Draft,
    Quote,
    quote_both,
    quote_inline_list,
    quote_list,
    quote_passage,
    quote_passages,
    quote_rows,
)
from .sections import find_asked_section, names_missing_article
from .table_rows import find_asked_rows, find_extreme_rows, widen_to_column

# The log-odds that a section answers of which the question gives the number and asks what it says.
_NUMBERED_ODDS = 3.0
# Of how many passages the lists are read that they introduce. With the choice by the reader, evidence
# of develop's 57 questions for lists is 0.73, without it 0.63.
_MOST_INTROS = 3


def draft_answer(
    question: Question,
    retrieved: Retrieved,
    snapshot: Snapshot,
    settings: Settings = DEFAULTS,
    encode: Encode | None = None,
    rerank: Rerank | None = None,
    read: Read | None = None,
) -> Draft:
    """Decide what to quote, and how sure that is.

    Args:
        encode: encodes questions, for `qa.retrieval.sentences`.
        rerank: a cross-encoder; None if none is configured.
        read: reads texts as answers to this question; None if there is no reader.
    """
    rarity = rarity_in(snapshot)
    by_window, ranked = rank_passages(
        question, retrieved, snapshot, rarity, settings, encode, rerank, read
    )
    if not ranked:
        return Draft((), None, False)
    documents = [c.document for c in retrieved.candidates]
    if names_missing_article(question.text, documents, snapshot.catalogue):
        return Draft((), None, False)
    together = _draft_certain(question, retrieved, ranked, snapshot, rarity)
    if together is None:
        together = _draft_list(question, retrieved, by_window, snapshot, rarity)
        if question.kind == "list" and read is not None:
            together = _choose_list(question, together, by_window, ranked, snapshot, rarity, read)
    draft = together or _draft_passages(
        question, ranked, retrieved, snapshot, rarity, settings.answer
    )
    draft = _with_confidence(question, replace(draft, ranked=tuple(ranked)), retrieved, read)
    if together is None:
        draft = _widen(question, draft, snapshot.catalogue)
    return replace(draft, missing=_find_missing(question, draft))


def _widen(question: Question, draft: Draft, catalogue: Catalogue) -> Draft:
    """Quote in place of a table's row all rows that the question asks about.

    The confidence stays that of the one row: if it answers for its own, so do the others.
    """
    quotes: dict[tuple[int, Span], Quote] = {}
    for quote in draft.quotes:
        is_row = quote.passage.kind == "row"
        rows = widen_to_column(question, quote.passage, catalogue) if is_row else None
        found = [replace(quote, passage=r, span=Span(r.start, r.end)) for r in rows or ()]
        for one in found or [quote]:
            quotes.setdefault((one.passage.document, one.span), one)
    return replace(draft, quotes=tuple(quotes.values()))


def _with_confidence(
    question: Question, draft: Draft, retrieved: Retrieved, read: Read | None
) -> Draft:
    """Return a draft with the features that come from the ranking, and its confidence."""
    if draft.features is None:
        return draft
    best = draft.ranked[0]
    lexical = sorted((c.lexical for c in retrieved.candidates), reverse=True)
    features = replace(
        draft.features,
        worth=best.window_score if draft.window_score is None else draft.window_score,
        chance=max(_chance(best), _sum_probability(draft)),
        support=lexical[0] / retrieved.bound if retrieved.bound else 0.0,
        lead=1 - lexical[:4][-1] / lexical[0] if lexical[0] else 0.0,
        trust=retrieved.trust,
    )
    contributions = compute_contributions(features)
    if best.read is not None and read is not None and not draft.compared:
        contributions = add_reading(contributions, _read_quoted(draft, best.read, read))
    return replace(
        draft,
        features=features,
        contributions=contributions,
        confidence=to_probability(contributions),
    )


def _find_missing(question: Question, draft: Draft) -> tuple[str, ...]:
    """Return what the question has and the quotations do not say."""
    if draft.features is None:
        return draft.missing
    quoted = fold("\n".join(quote.text for quote in draft.quotes))
    context = fold(draft.evidence.context) if draft.evidence else ""
    return find_missing(question, quoted, context)


def lower_confidence(draft: Draft, loss: float) -> Draft:
    """Return a draft whose log-odds are lower by a loss."""
    if not draft.contributions:
        return draft
    contributions = {**draft.contributions, "base": draft.contributions["base"] - loss}
    return replace(draft, contributions=contributions, confidence=to_probability(contributions))


def _read_quoted(draft: Draft, best: float, read: Read) -> float:
    """Return the reader's log-odds that what is quoted answers; several quotations are read as one.

    Args:
        best: the log-odds of the best passage.
    """
    alone = len(draft.quotes) == 1
    if draft.evidence is None or (
        alone and draft.quotes[0].passage.id == draft.ranked[0].passage.id
    ):
        return best
    together = _read_together(draft, read)
    return together if alone else max(best, together)


def _read_together(draft: Draft, read: Read) -> float:
    """Return the reader's log-odds that all that a draft quotes answers, read as one text."""
    assert draft.evidence is not None, "a draft with quotations has evidence"
    context = fold(" | ".join(draft.evidence.context.split("\n")))
    return float(read([f"{context}\n{fold(draft.evidence.text)}"])[0][1])


def _chance(ranked: RankedPassage) -> float:
    """Return the probability of a passage without the reader."""
    return ranked.probability if ranked.unread is None else ranked.unread


def _sum_probability(draft: Draft) -> float:
    """Return the probability of all passages that are quoted.

    The rows of a table share the probability that one passage would have.
    """
    quoted = {(q.passage.document, q.passage.start, q.passage.end) for q in draft.quotes}
    return sum(
        _chance(ranked)
        for ranked in draft.ranked
        if (ranked.passage.document, ranked.passage.start, ranked.passage.end) in quoted
    )


def _draft_certain(
    question: Question,
    retrieved: Retrieved,
    ranked: Sequence[RankedPassage],
    snapshot: Snapshot,
    rarity: Rarity,
) -> Draft | None:
    """Quote a section that the question names, or the row with the extreme that it asks for."""
    documents = [c.document for c in retrieved.candidates]
    section = find_asked_section(question.text, documents, snapshot.catalogue)
    if section is not None:
        # Judge by the title alone: the rest of the question only asks what the section says.
        named = read_question(section.title, snapshot.segmenter)
        nearest = max(r.candidate.dense for r in ranked)
        quoted = quote_list(named, section.items, nearest, ranked, snapshot, rarity)
        # A number has no words to judge by: the report has it or not.
        sure = {"base": _NUMBERED_ODDS}
        certain = replace(
            quoted, features=None, contributions=sure, confidence=to_probability(sure)
        )
        return certain if section.numbered else quoted
    table = find_extreme_rows(question, ranked, snapshot.catalogue, rarity)
    return quote_rows(question, table, ranked, snapshot, rarity) if table else None


def _draft_list(
    question: Question,
    retrieved: Retrieved,
    ranked: Sequence[RankedPassage],
    snapshot: Snapshot,
    rarity: Rarity,
) -> Draft | None:
    """Quote the rows of a table or the items of a list; None if none answers."""
    table = find_asked_rows(question, ranked, snapshot.catalogue, rarity)
    if table is not None:
        return quote_rows(question, table, ranked, snapshot, rarity)
    found = find_list(question, retrieved, ranked, snapshot.catalogue, rarity, snapshot.segmenter)
    if found is not None:
        return quote_list(question, found[0], found[1], ranked, snapshot, rarity)
    return None


def _choose_list(
    question: Question,
    found: Draft | None,
    by_window: Sequence[RankedPassage],
    ranked: Sequence[RankedPassage],
    snapshot: Snapshot,
    rarity: Rarity,
    read: Read,
) -> Draft | None:
    """Return the list that the reader takes for the answer; None if a passage answers better.

    The list that was found by its words stands if the reader takes it for an answer at all. Else
    the lists that the first passages introduce are read beside it.
    """
    odds = [_read_together(found, read)] if found is not None else []
    if found is not None and odds[0] >= 0:
        return found
    nearest = max(r.candidate.dense for r in by_window)
    drafts = [found] if found is not None else []
    for passage in (r.passage for r in ranked[:_MOST_INTROS]):
        for items in snapshot.catalogue.lists_introduced_at(passage.document, passage.start):
            drafts.append(quote_list(question, items, nearest, by_window, snapshot, rarity))
            odds.append(_read_together(drafts[-1], read))
    passage_odds = -math.inf if ranked[0].read is None else ranked[0].read
    if not drafts or max(odds) < passage_odds:
        return None
    return drafts[odds.index(max(odds))]


def _draft_passages(
    question: Question,
    ranked: Sequence[RankedPassage],
    retrieved: Retrieved,
    snapshot: Snapshot,
    rarity: Rarity,
    settings: Answering,
) -> Draft:
    """Quote the best span of the best passage, and of a second one that adds to it."""
    # A passage that only introduces a list says nothing without it.
    ranked = [r for r in ranked if not is_only_intro(r.passage)] or ranked
    first = ranked[0]
    share = retrieved.trust * settings.second + (1 - retrieved.trust) * settings.second_unsure
    # The same passage of another report adds nothing, in whichever script.
    others = [r for r in ranked[1:] if fold(r.passage.text) != fold(first.passage.text)]
    unlikely = settings.second_read * first.probability if first.read is not None else 0.0
    chosen = [first] + [
        r
        for r in others[:1]
        if r.window_score >= share * first.window_score and r.probability >= unlikely
    ]
    inline = _find_inline_list(question, chosen)
    if inline is not None:
        return quote_inline_list(question, *inline, snapshot, rarity)
    catalogue, segmenter = snapshot.catalogue, snapshot.segmenter
    quoted = quote_passage(question, first, settings).span
    contradiction = find_contradiction(
        question, first, quoted, others, catalogue, rarity, segmenter
    )
    if contradiction is not None:
        chosen = [first, contradiction]
    elif (compared := without_comparing_words(question)) is not None:
        other = find_complement(compared, first, others, rarity)
        if other is not None:
            return quote_both(compared, (first, other), retrieved, snapshot, rarity, settings)
    disagrees = contradiction is not None
    return quote_passages(question, chosen, disagrees, snapshot, rarity, settings)


def _find_inline_list(
    question: Question, chosen: Sequence[RankedPassage]
) -> tuple[RankedPassage, InlineList] | None:
    """Return a list inside a paragraph that the best window of a passage touches, and the passage.

    Prefer a list with as many items as the question says, then the better ranked passage.
    """
    if question.kind != "list":
        return None
    found = []
    for place, ranked in enumerate(chosen):
        at = ranked.passage.start
        for items in find_inline_lists(ranked.passage.text):
            first = min(items.intro.start, items.items[0].start) + at
            fits = question.item_count == len(items.items)
            if not fits and _names_one_item(question, ranked.passage, items):
                continue
            if first < ranked.span.end and ranked.span.start < items.items[-1].end + at:
                found.append((not fits, place, items.items[0].start, ranked, items))
    best = min(found, key=lambda f: f[:3], default=None)
    return (best[3], best[4]) if best and (best[1] == 0 or not best[0]) else None


def _names_one_item(question: Question, passage: Passage, found: InlineList) -> bool:
    """Return whether a word of the question stands in just one item, and not in their introduction.

    恒温区用来存放哪些货物 is about one item of four.
    """
    items = [fold(passage.text[item.start : item.end]) for item in found.items]
    intro = passage.text[found.intro.start : found.intro.end]
    context = fold("\n".join((*passage.headings, intro)))
    words = (term.word for term in question.terms)
    return any(word not in context and sum(word in i for i in items) == 1 for word in words)
