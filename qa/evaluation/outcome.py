"""The scored result of one question: plain values to save, compare and show without an index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import PurePath

from indexer.text.fold import fold_strict
from qa.types import Answer

from .gold import GoldQuestion

# Types of which every item counts: the others are right only if all of their evidence is cited.
LIST_TYPES = frozenset({"list", "row", "column"})
# How many ranked passages are kept of a question: enough to see why it failed.
_PASSAGES_KEPT = 5


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A quotation or a passage, and its place. The names of the fields are keys of saved runs."""

    text: str
    document: str
    headings: tuple[str, ...]
    score: float
    """The score of the passage; for a quotation, of the passage that it is taken from."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The scored result of one question. The names of the fields are keys of saved runs."""

    id: str
    type: str
    question: str
    answerable: bool
    abstained: bool
    """Whether it was refused, at the threshold of the run."""
    confidence: float
    recall: float | None
    """The share of its evidence that was cited, 0 if it was refused; None if unanswerable."""
    scores: dict[str, float]
    """Its contribution to each measure, by the measure's key; other measures are absent."""
    evidence: tuple[str, ...] = ()
    history: tuple[str, ...] = ()
    quotes: tuple[Excerpt, ...] = ()
    """The quotations that threshold 0 gives, also if it was refused."""
    passages: tuple[Excerpt, ...] = ()
    """The first ranked passages."""
    timings_ms: dict[str, float] = field(default_factory=dict)
    repeats: str = ""
    """The id of the question that this one asks again, or empty."""
    wording: str = ""
    """How it is put, such as "formal" or "colloquial", or empty."""
    pair: str = ""
    """What it shares with the same question in another wording, or empty."""
    miss: str = ""
    """The kind of a near miss, such as "year", or empty."""

    @property
    def state(self) -> str:
        """Return "refused", "answered", "cited", "partly cited" or "not cited"."""
        if self.abstained:
            return "refused"
        if not self.answerable:
            return "answered"
        return {0.0: "not cited", 1.0: "cited"}.get(self.recall or 0.0, "partly cited")

    @property
    def correct(self) -> bool:
        """Return whether all of its evidence was cited, or it was rightly refused."""
        return self.state == ("cited" if self.answerable else "refused")


def evidence_recall(evidence: Sequence[str], quotes: Sequence[str]) -> float:
    """Return the share of the snippets that some quotation contains, both folded.

    The share is 1 if there is no snippet.
    """
    folded = [fold_strict(quote) for quote in quotes]
    found = sum(any(fold_strict(snippet) in quote for quote in folded) for snippet in evidence)
    return found / len(evidence) if evidence else 1.0


def contains_any(text: str, snippets: Sequence[str]) -> bool:
    """Return whether a text contains one of the snippets, both folded."""
    folded = fold_strict(text)
    return any(fold_strict(snippet) in folded for snippet in snippets)


def judge_answer(
    gold: GoldQuestion, answer: Answer, threshold: float, ranking: dict[str, float]
) -> Outcome:
    """Score an answer to a gold question.

    Args:
        answer: the answer at threshold 0, so that it has quotations even if it is refused.
        threshold: the confidence below which it counts as refused.
        ranking: the ranking measures of the question.
    """
    quotes = tuple(Excerpt(c.quote, c.document, c.headings, c.score) for c in answer.citations)
    abstained = answer.abstained or answer.confidence < threshold
    # What is quoted from another report than the question's holds no evidence.
    texts = [q.text if is_about(gold, q.document) else "" for q in quotes]
    shown = [] if abstained else texts
    scores = _score_answer(gold, shown, texts, abstained)
    return Outcome(
        id=gold.id,
        type=gold.type,
        question=gold.question,
        answerable=gold.answerable,
        abstained=abstained,
        confidence=answer.confidence,
        recall=evidence_recall(gold.evidence, shown) if gold.answerable else None,
        scores=scores | (ranking if gold.answerable else {}),
        evidence=gold.evidence,
        history=gold.history,
        quotes=quotes,
        passages=first_passages(answer, _PASSAGES_KEPT),
        timings_ms=dict(answer.timings_ms),
        wording=gold.wording,
        pair=gold.pair,
        miss=gold.miss,
    )


def is_about(gold: GoldQuestion, document: str) -> bool:
    """Return whether a report is the one that a gold question names; it is if none is named.

    Args:
        document: the path of the report; only the name of the file is compared.
    """
    return not gold.document or PurePath(document).name == PurePath(gold.document).name


def first_passages(answer: Answer, count: int) -> tuple[Excerpt, ...]:
    """Return the first passages behind an answer, `count` at most."""
    return tuple(
        Excerpt(p.passage.text, p.path, p.passage.headings, p.score)
        for p in answer.passages[:count]
    )


def _score_answer(
    gold: GoldQuestion, shown: Sequence[str], quotes: Sequence[str], abstained: bool
) -> dict[str, float]:
    """Return what a question contributes to each measure of its answer.

    Args:
        shown: the quotations of the answer; empty if it is refused.
        quotes: the quotations that threshold 0 gives.
    """
    if not gold.answerable:
        return {"refusal_unanswerable": float(abstained), "loss": float(bool(quotes))}
    is_list = gold.type in LIST_TYPES
    recall = evidence_recall(gold.evidence, shown)
    hits = [contains_any(quote, gold.evidence) for quote in shown]
    scores = {
        "refusal_answerable": float(abstained),
        "loss": 1 - _credit_recall(gold, evidence_recall(gold.evidence, quotes)),
        "evidence_recall": _credit_recall(gold, recall),
        "answer_in_top1": float(any(hits[:1])),
        "answer_in_top3": float(any(hits[:3])),
    }
    if is_list:
        scores["list_item_recall"] = recall
    if hits:
        precision = sum(hits) / len(hits)
        scores["citation_precision"] = precision
        if is_list:
            scores["list_item_precision"] = precision
        else:
            scores["citations_per_factual_answer"] = float(len(hits))
    return scores


def _credit_recall(gold: GoldQuestion, recall: float) -> float:
    """Return the recall of a list as it is; of any other question only complete recall counts."""
    return recall if gold.type in LIST_TYPES else float(recall == 1.0)
