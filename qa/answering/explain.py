"""Why an answer is what it is: question words, parts of the score, and passages not quoted."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from indexer.text.fold import fold
from indexer.text.quantities import years_in
from indexer.types import Document
from qa.matching import Rarity, contains_term, fold_context
from qa.question import Question
from qa.retrieval.windows import RankedPassage, is_only_intro
from qa.types import PassedOver, QuestionWord, Why

from .quoting import Draft

# How many passages that were not quoted are listed.
_PASSED_OVER = 5


def explain(
    question: Question,
    draft: Draft,
    rarity: Rarity,
    threshold: float,
    document_of: Callable[[int], Document],
) -> Why | None:
    """Explain a draft; None if nothing was found at all.

    Args:
        threshold: the confidence that an answer needs, 0..1.
        document_of: returns a document by its id.
    """
    if not draft.ranked or draft.evidence is None:
        return None
    text = f"{fold(draft.evidence.context)}\n{fold(draft.evidence.text)}"
    words = (
        QuestionWord(t.word, round(rarity(t), 4), contains_term(t, text)) for t in question.terms
    )
    return Why(
        words=tuple(sorted(words, key=lambda word: -word.weight)),
        score=_explain_score(draft),
        confidence={name: round(value, 4) for name, value in draft.contributions.items()},
        threshold=threshold,
        passed_over=_list_passed_over(question, draft, document_of),
    )


def _explain_score(draft: Draft) -> dict[str, float]:
    """Return the parts of the score of the first quoted passage."""
    first = draft.quotes[0].passage
    ranked = next((r for r in draft.ranked if _contains(r, first.document, first.start)), None)
    if ranked is None:  # An item of a list that was found by the list's own window.
        return {"cosine": round(draft.evidence.dense, 4)} if draft.evidence else {}
    candidate = ranked.candidate
    parts = {
        "bm25": candidate.lexical,
        "cosine": candidate.dense,
        "fused": candidate.score,
        "worth": ranked.window_score,
        "chance": ranked.probability,
    }
    return {name: round(value, 4) for name, value in parts.items()}


def _contains(ranked: RankedPassage, document: int, start: int) -> bool:
    """Return whether an offset of a document lies in a passage."""
    passage = ranked.passage
    return passage.document == document and passage.start <= start < passage.end


def _list_passed_over(
    question: Question, draft: Draft, document_of: Callable[[int], Document]
) -> tuple[PassedOver, ...]:
    quoted = {(quote.passage.document, quote.passage.start) for quote in draft.quotes}
    texts = [fold(quote.passage.text) for quote in draft.quotes]
    others = [
        ranked
        for ranked in draft.ranked
        if not any(_contains(ranked, document, start) for document, start in quoted)
    ]
    return tuple(
        _explain_passed_over(question, ranked, texts, document_of(ranked.passage.document))
        for ranked in others[:_PASSED_OVER]
    )


def _explain_passed_over(
    question: Question, ranked: RankedPassage, quoted: Sequence[str], document: Document
) -> PassedOver:
    """Say why a passage was not quoted.

    Args:
        quoted: the folded texts of the quoted passages.
        document: the document of the passage.
    """
    passage = ranked.passage
    text = f"{fold_context(passage)}\n{fold(passage.text)}"
    years = years_in(text) if question.years else ()
    missing = [year for year in question.years if year not in years]
    missing += [t.word for t in question.names + question.numbers if not contains_term(t, text)]
    reason = "less likely"
    if missing:
        reason = "lacks"
    elif fold(passage.text) in quoted:
        reason = "repeats"
    elif is_only_intro(passage):
        reason = "introduces"
    return PassedOver(
        document.path,
        document.title,
        passage.headings,
        passage.text,
        round(ranked.probability, 4),
        reason,
        "、".join(missing),
    )
