"""Gold questions to outcomes: each asked once, with its answer and its ranking judged."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate

from indexer.store.catalogue import Catalogue
from indexer.text.fold import fold_strict
from qa.index import Index

from .gold import Gold, read_gold, read_golds
from .measures import measure, rank_scores
from .outcome import Outcome, evidence_recall, judge

__all__ = ["Gold", "Outcome", "evidence_recall", "measure", "read_gold", "read_golds", "run"]


def run(
    index: Index, golds: Iterable[Gold], on_done: Callable[[], None] = lambda: None
) -> list[Outcome]:
    """Asks every gold question, once, with threshold 0: what is refused is decided afterwards."""
    golds = list(golds)
    relevant = relevant_passages(index.snapshot.catalogue, golds)
    answers = []
    for gold in golds:
        answers.append(index.ask(gold.question, gold.history, threshold=0.0))
        on_done()
    ranked = [[str(p.passage.id) for p in answer.passages] for answer in answers]
    ranking = rank_scores(ranked, [{str(i) for i in one} for one in relevant])
    threshold = index.settings.answer.threshold
    return [
        judge(gold, answer, threshold, scores)
        for gold, answer, scores in zip(golds, answers, ranking, strict=True)
    ]


def relevant_passages(catalogue: Catalogue, golds: Sequence[Gold]) -> list[set[int]]:
    """For each question the ids of the passages that hold an evidence snippet, both folded."""
    passages = catalogue.passages(range(catalogue.count("passages")))
    folded = [fold_strict(passage.text) for passage in passages.values()]
    # One long text is searched much faster than many short ones; "\n" is folded away in both.
    starts = [0, *accumulate(len(text) + 1 for text in folded)]
    whole, ids = "\n".join(folded), list(passages)

    def holding(snippet: str) -> set[int]:
        wanted, found = fold_strict(snippet), set()
        at = whole.find(wanted) if wanted else -1
        while at >= 0:
            number = bisect_right(starts, at) - 1
            found.add(ids[number])
            at = whole.find(wanted, starts[number + 1])
        return found

    return [set().union(*map(holding, gold.evidence)) for gold in golds]
