"""Use a SQuAD file as a benchmark: a document a paragraph, each question asked with it and without."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from indexer.build import OnProgress, build_index
from indexer.config import DEFAULT_MODEL, Config
from indexer.errors import Progress, YinjuError
from indexer.text.fold import fold
from qa.index import Index
from qa.types import Answer

from .gold import Squad, SquadQuestion
from .measures import score_rankings
from .outcome import Excerpt, Outcome, contains_any, first_passages

# Characters. A longer quotation does not count as an answer, even if it contains one.
LONGEST_QUOTE = 160
# How many ranked passages are kept of a question; few, because there are thousands of questions.
_PASSAGES_KEPT = 3
# The types of outcomes: asked with the question's own paragraph in the index, and without it.
OWN_PARAGRAPH, PARAGRAPH_REMOVED = "own paragraph", "paragraph removed"


@contextmanager
def open_squad_index(
    squad: Squad,
    config: Config,
    folder: Path | None,
    on_progress: OnProgress,
    notify: Progress = lambda stage: None,
) -> Iterator[Index]:
    """Open an index of the paragraphs, in `folder`, or in a temporary folder if it is None.

    An index that exists is used as it is.

    Raises:
        YinjuError: the index in `folder` has other documents, or cannot be used.
    """
    with TemporaryDirectory() as work:
        placed = replace(config, index=folder or Path(work) / "index")
        if not placed.index.exists():
            reports = Path(work) / "reports"
            reports.mkdir()
            for number, text in enumerate(squad.paragraphs):
                (reports / f"{number:06d}.txt").write_text(text, encoding="utf-8")
            build_index(placed, [reports], on_progress=on_progress, notify=notify)
        index = Index.open(placed)
        if folder is not None:
            _check_documents(index, squad, folder)
        yield index


def _check_documents(index: Index, squad: Squad, folder: Path) -> None:
    """Check that the documents of the index are the paragraphs of the file.

    Raises:
        YinjuError: they are others.
    """
    catalogue = index.snapshot.catalogue
    # Compare without white space: a text read from a file has "\n" for every kind of line end.
    texts = {
        number: "".join(catalogue.trail(document).raw.split())
        for number, document in documents_by_paragraph(index).items()
    }
    if texts != {n: "".join(text.split()) for n, text in enumerate(squad.paragraphs)}:
        raise YinjuError("index.other_documents", index=folder, name=squad.name)


def documents_by_paragraph(index: Index) -> dict[int, int]:
    """Return number of a paragraph -> id of its document; the number is the name of the file."""
    stems = {document.id: Path(document.path).stem for document in index.documents()}
    return {int(stem): id for id, stem in stems.items() if stem.isdecimal()}


def run_squad(
    index: Index, squad: Squad, on_done: Callable[[], None] = lambda: None
) -> list[Outcome]:
    """Ask every question twice: with its own paragraph in the index, and with it left out.

    With its own paragraph the outcome has ranking measures (is that paragraph found?) and whether
    a quotation contains an answer. Both are asked with threshold 0, so that together they show how
    well the confidence separates.

    Args:
        on_done: called after each question.

    Returns:
        two outcomes a question, one after the other.

    Raises:
        YinjuError: ir-measures is not installed.
    """
    documents = documents_by_paragraph(index)
    threshold = index.settings.answer.threshold
    outcomes: list[Outcome] = []
    ranked, relevant = [], []
    for question in squad.questions:
        own = documents[question.paragraph]
        began = time.perf_counter()
        index.encoder.encode_queries([fold(question.question)])
        encoded = time.perf_counter()
        found = index.search(question.question, 10, by_document=True)
        searched = time.perf_counter()
        answer = index.ask(question.question, threshold=0.0)
        without = index.ask(question.question, threshold=0.0, exclude=frozenset([own]))
        times = {"encode": (encoded - began) * 1000, "search": (searched - encoded) * 1000}
        ranked.append([str(scored.passage.document) for scored in found])
        relevant.append([str(own)])
        outcomes += [
            _judge_with_paragraph(question, answer, threshold, times | answer.timings_ms),
            _judge_without_paragraph(question, without, threshold),
        ]
        on_done()
    for number, scores in enumerate(score_rankings(ranked, relevant)):
        outcomes[2 * number].scores.update(scores)
    return outcomes


def _judge_with_paragraph(
    question: SquadQuestion, answer: Answer, threshold: float, times: dict[str, float]
) -> Outcome:
    quotes = [citation.quote for citation in answer.citations]
    hits = [len(q) <= LONGEST_QUOTE and contains_any(q, question.answers) for q in quotes]
    abstained = answer.confidence < threshold
    in_first_three = float(any(hits[:3]))
    scores = {
        "answer_in_top1": float(any(hits[:1])),
        "answer_in_top3": in_first_three,
        "refusal_answerable": float(abstained),
        "loss": 1 - in_first_three,
    }
    outcome = _to_outcome(question, answer, abstained)
    return replace(outcome, recall=in_first_three, scores=scores, timings_ms=times)


def _judge_without_paragraph(question: SquadQuestion, answer: Answer, threshold: float) -> Outcome:
    abstained = answer.abstained or answer.confidence < threshold
    scores = {"refusal_unanswerable": float(abstained), "loss": float(bool(answer.citations))}
    return replace(
        _to_outcome(question, answer, abstained),
        id=f"{question.id} {PARAGRAPH_REMOVED}",
        type=PARAGRAPH_REMOVED,
        answerable=False,
        scores=scores,
        evidence=(),
        repeats=question.id,
    )


def _to_outcome(question: SquadQuestion, answer: Answer, abstained: bool) -> Outcome:
    """Return the outcome without scores and times, as asked with the question's own paragraph."""
    return Outcome(
        id=question.id,
        type=OWN_PARAGRAPH,
        question=question.question,
        answerable=True,
        abstained=abstained,
        confidence=answer.confidence,
        recall=None,
        scores={},
        evidence=tuple(dict.fromkeys(question.answers)),
        quotes=tuple(
            Excerpt(c.quote, Path(c.document).name, c.headings, c.score) for c in answer.citations
        ),
        # File names only: the folder that the paragraphs were written to is temporary.
        passages=tuple(
            replace(excerpt, document=Path(excerpt.document).name)
            for excerpt in first_passages(answer, _PASSAGES_KEPT)
        ),
    )


def model_name_of(index: Index) -> str:
    """Return the name of the index's model."""
    return index.snapshot.manifest.model or DEFAULT_MODEL
