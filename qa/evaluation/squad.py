"""A SQuAD file as a benchmark: each paragraph a document, each question asked with and without it."""

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

from .gold import Asked, Squad
from .measures import rank_scores
from .outcome import Outcome, Text, holds, passages_of

# A quotation that is longer than this is no answer, though it may hold one.
LONGEST_QUOTE = 160
# How many passages are kept of a question: there are thousands of questions.
_KEPT = 3
# What each question is asked as: with its own paragraph in the index, and without.
OWN, REMOVED = "own paragraph", "paragraph removed"


@contextmanager
def squad_index(
    squad: Squad,
    config: Config,
    folder: Path | None,
    on_progress: OnProgress,
    notify: Progress = lambda stage: None,
) -> Iterator[Index]:
    """Opens an index of the paragraphs, in `folder` if one is named, else a temporary one.

    An index that is there already is used as it is.

    Raises:
        YinjuError: the index in `folder` holds other documents, or cannot be used.
    """
    with TemporaryDirectory() as work:
        place = replace(config, index=folder or Path(work) / "index")
        if not place.index.exists():
            reports = Path(work) / "reports"
            reports.mkdir()
            for number, text in enumerate(squad.paragraphs):
                (reports / f"{number:06d}.txt").write_text(text, encoding="utf-8")
            build_index(place, [reports], on_progress=on_progress, notify=notify)
        index = Index.open(place)
        if folder is not None:
            _check(index, squad, folder)
        yield index


def _check(index: Index, squad: Squad, folder: Path) -> None:
    """Raises YinjuError unless the index holds just these paragraphs."""
    catalogue = index.snapshot.catalogue
    numbers = paragraph_documents(index)
    # A text that is read from a file has only "\n" for its line ends.
    texts = {
        number: "".join(catalogue.trail(document).raw.split())
        for number, document in numbers.items()
    }
    if texts != {n: "".join(text.split()) for n, text in enumerate(squad.paragraphs)}:
        raise YinjuError("index.other_documents", index=folder, name=squad.name)


def paragraph_documents(index: Index) -> dict[int, int]:
    """Number of a paragraph -> id of its document, by the name of its file."""
    stems = {document.id: Path(document.path).stem for document in index.documents()}
    return {int(stem): number for number, stem in stems.items() if stem.isdecimal()}


def run_squad(
    index: Index, squad: Squad, on_done: Callable[[], None] = lambda: None
) -> list[Outcome]:
    """Asks every question, and once more with its own paragraph left out of the index.

    Of the first there are ranking measures (is its own paragraph found?) and whether a quotation
    holds an answer, asked with threshold 0; both together tell how well the confidence separates.
    """
    documents = paragraph_documents(index)
    threshold = index.settings.answer.threshold
    outcomes: list[Outcome] = []
    ranked, relevant = [], []
    for asked in squad.questions:
        own = documents[asked.paragraph]
        began = time.perf_counter()
        index.encoder.encode_queries([fold(asked.question)])
        encoded = time.perf_counter()
        found = index.search(asked.question, 10, by_document=True)
        searched = time.perf_counter()
        answer = index.ask(asked.question, threshold=0.0)
        without = index.ask(asked.question, threshold=0.0, exclude=frozenset([own]))
        times = {"encode": (encoded - began) * 1000, "search": (searched - encoded) * 1000}
        ranked.append([str(one.passage.document) for one in found])
        relevant.append([str(own)])
        outcomes += [
            _own(asked, answer, threshold, times | answer.timings_ms),
            _removed(asked, without, threshold),
        ]
        on_done()
    for number, scores in enumerate(rank_scores(ranked, relevant)):
        outcomes[2 * number].scores.update(scores)
    return outcomes


def _own(asked: Asked, answer: Answer, threshold: float, times: dict[str, float]) -> Outcome:
    quotes = [citation.quote for citation in answer.citations]
    held = [len(q) <= LONGEST_QUOTE and holds(q, asked.answers) for q in quotes]
    abstained = answer.confidence < threshold
    first_three = float(any(held[:3]))
    scores = {
        "answer_in_top1": float(any(held[:1])),
        "answer_in_top3": first_three,
        "refusal_answerable": float(abstained),
        "loss": 1 - first_three,
    }
    common = _common(asked, answer, abstained)
    return replace(common, recall=first_three, scores=scores, timings_ms=times)


def _removed(asked: Asked, answer: Answer, threshold: float) -> Outcome:
    abstained = answer.abstained or answer.confidence < threshold
    scores = {"refusal_unanswerable": float(abstained), "loss": float(bool(answer.citations))}
    common = _common(asked, answer, abstained)
    return replace(
        common,
        id=f"{asked.id} {REMOVED}",
        type=REMOVED,
        answerable=False,
        scores=scores,
        evidence=(),
        repeats=asked.id,
    )


def _common(asked: Asked, answer: Answer, abstained: bool) -> Outcome:
    return Outcome(
        id=asked.id,
        type=OWN,
        question=asked.question,
        answerable=True,
        abstained=abstained,
        confidence=answer.confidence,
        recall=None,
        scores={},
        evidence=tuple(dict.fromkeys(asked.answers)),
        quotes=tuple(
            Text(c.quote, Path(c.document).name, c.headings, c.score) for c in answer.citations
        ),
        # The folder that the paragraphs were written to is gone.
        passages=tuple(
            replace(text, document=Path(text.document).name) for text in passages_of(answer, _KEPT)
        ),
    )


def model_name(index: Index) -> str:
    """What the index's model is called."""
    return index.snapshot.manifest.model or DEFAULT_MODEL
