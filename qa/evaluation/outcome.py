"""What came of a question: plain values that can be saved, compared and shown without an index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from indexer.text.fold import fold_strict
from qa.types import Answer

from .gold import Gold

# How many ranked passages are kept of a question: enough to see why it failed.
KEPT = 5


@dataclass(frozen=True, slots=True)
class Text:
    """A quotation or a passage and where it stands. score: of the passage."""

    text: str
    document: str
    headings: tuple[str, ...]
    score: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """A question with what it was answered.

    recall: the share of its evidence that was cited, 0 where it was refused; None where there is
    none to cite. scores: what it adds to each measure, by the measure's key; a measure that it says
    nothing about is absent. quotes: what would be quoted if nothing were refused.
    repeats: the id of the question that this one asks again.
    """

    id: str
    type: str
    question: str
    answerable: bool
    abstained: bool
    confidence: float
    recall: float | None
    scores: dict[str, float]
    evidence: tuple[str, ...] = ()
    history: tuple[str, ...] = ()
    quotes: tuple[Text, ...] = ()
    passages: tuple[Text, ...] = ()
    timings_ms: dict[str, float] = field(default_factory=dict)
    repeats: str = ""

    @property
    def state(self) -> str:
        """What happened, in words: "refused", "answered", "cited", "partly cited", "not cited"."""
        if self.abstained:
            return "refused"
        if not self.answerable:
            return "answered"
        return {0.0: "not cited", 1.0: "cited"}.get(self.recall or 0.0, "partly cited")

    @property
    def right(self) -> bool:
        """Whether it was answered with all of its evidence, or rightly refused."""
        return self.state == ("cited" if self.answerable else "refused")


def evidence_recall(evidence: Sequence[str], answer: Answer) -> float:
    """The share of the snippets that some quotation contains, both folded; 1 where none is asked."""
    return _recall(evidence, [citation.quote for citation in answer.citations])


def _recall(evidence: Sequence[str], quotes: Sequence[str]) -> float:
    folded = [fold_strict(quote) for quote in quotes]
    found = sum(any(fold_strict(snippet) in quote for quote in folded) for snippet in evidence)
    return found / len(evidence) if evidence else 1.0


def holds(text: str, snippets: Sequence[str]) -> bool:
    """Whether a text holds one of the snippets, both folded."""
    folded = fold_strict(text)
    return any(fold_strict(snippet) in folded for snippet in snippets)


def judge(gold: Gold, answer: Answer, threshold: float, ranking: dict[str, float]) -> Outcome:
    """Scores an answer to a gold question.

    Args:
        answer: asked with threshold 0, so that its quotations are there whatever it is refused.
        threshold: the confidence below which it counts as refused.
        ranking: the question's ranking measures.
    """
    quotes = tuple(Text(c.quote, c.document, c.headings, c.score) for c in answer.citations)
    abstained = answer.abstained or answer.confidence < threshold
    shown = () if abstained else tuple(quote.text for quote in quotes)
    scores = _scores(gold, shown, [quote.text for quote in quotes], abstained)
    return Outcome(
        id=gold.id,
        type=gold.type,
        question=gold.question,
        answerable=gold.answerable,
        abstained=abstained,
        confidence=answer.confidence,
        recall=_recall(gold.evidence, shown) if gold.answerable else None,
        scores=scores | (ranking if gold.answerable else {}),
        evidence=gold.evidence,
        history=gold.history,
        quotes=quotes,
        passages=passages_of(answer, KEPT),
        timings_ms=dict(answer.timings_ms),
    )


def passages_of(answer: Answer, count: int) -> tuple[Text, ...]:
    """The first passages behind an answer."""
    return tuple(
        Text(p.passage.text, p.path, p.passage.headings, p.score) for p in answer.passages[:count]
    )


def _scores(
    gold: Gold, shown: Sequence[str], quotes: Sequence[str], abstained: bool
) -> dict[str, float]:
    """What a question adds to each measure of its answer.

    Args:
        shown: what is quoted; nothing where it is refused. quotes: what would be.
    """
    if not gold.answerable:
        return {"refusal_unanswerable": float(abstained), "loss": float(bool(quotes))}
    listed = gold.type == "list"
    recall = _recall(gold.evidence, shown)
    held = [holds(quote, gold.evidence) for quote in shown]
    scores = {
        "refusal_answerable": float(abstained),
        "loss": 1 - _credit(gold, _recall(gold.evidence, quotes)),
        "evidence_recall": _credit(gold, recall),
        "answer_in_top1": float(any(held[:1])),
        "answer_in_top3": float(any(held[:3])),
    }
    if listed:
        scores["list_item_recall"] = recall
    if held:
        precision = sum(held) / len(held)
        scores["citation_precision"] = precision
        more = {"list_item_precision": precision}
        scores |= more if listed else {"citations_per_factual_answer": float(len(held))}
    return scores


def _credit(gold: Gold, recall: float) -> float:
    """What evidence that was cited counts: of a list by its share, of any other only whole."""
    return recall if gold.type == "list" else float(recall == 1.0)
