"""Ask gold questions, each once, and judge the answers and the rankings of passages."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate

from indexer.store.catalogue import Catalogue
from indexer.text.fold import fold_strict
from qa.index import Index

from .gold import GoldQuestion
from .measures import score_rankings
from .outcome import Outcome, is_about, judge_answer


def run_gold(
    index: Index, questions: Iterable[GoldQuestion], on_done: Callable[[], None] = lambda: None
) -> list[Outcome]:
    """Ask every gold question once.

    Questions are asked with threshold 0; whether an answer counts as refused is decided afterwards.

    Args:
        on_done: called after each question.

    Raises:
        YinjuError: ir-measures is not installed.
    """
    questions = list(questions)
    relevant = find_relevant_passages(index.snapshot.catalogue, questions)
    answers = []
    for gold in questions:
        answers.append(index.ask(gold.question, gold.history, threshold=0.0))
        on_done()
    ranked = [[str(p.passage.id) for p in answer.passages] for answer in answers]
    ranking = score_rankings(ranked, [{str(id) for id in ids} for ids in relevant])
    threshold = index.settings.answer.threshold
    return [
        judge_answer(gold, answer, threshold, scores)
        for gold, answer, scores in zip(questions, answers, ranking, strict=True)
    ]


def find_relevant_passages(
    catalogue: Catalogue, questions: Sequence[GoldQuestion]
) -> list[set[int]]:
    """Return for each question the ids of its report's passages that contain a snippet, folded."""
    passages = catalogue.passages(range(catalogue.count("passages")))
    folded = [fold_strict(passage.text) for passage in passages.values()]
    # Search one long text: it is much faster than many short ones. Folding removes "\n" from the
    # passages and the snippets, so that no snippet matches across two passages.
    starts = [0, *accumulate(len(text) + 1 for text in folded)]
    joined, ids = "\n".join(folded), list(passages)

    def find_passages(snippet: str) -> set[int]:
        needle, found = fold_strict(snippet), set()
        at = joined.find(needle) if needle else -1
        while at >= 0:
            number = bisect_right(starts, at) - 1
            found.add(ids[number])
            at = joined.find(needle, starts[number + 1])
        return found

    reports = {document.id: document.path for document in catalogue.documents()}
    return [
        {
            id
            for snippet in gold.evidence
            for id in find_passages(snippet)
            if is_about(gold, reports[passages[id].document])
        }
        for gold in questions
    ]
