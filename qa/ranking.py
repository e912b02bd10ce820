"""Ranking measures, computed by ir-measures: how high the passages stand that hold the answer."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from indexer.errors import YinjuError

# Our name -> that of ir-measures, https://ir-measur.es/en/latest/measures.html
MEASURES = {
    "recall@1": "R@1",
    "recall@5": "R@5",
    "recall@10": "R@10",
    "mrr@10": "RR@10",
    "ndcg@10": "nDCG@10",
}


def rank_scores(
    ranked: Sequence[Sequence[str]], relevant: Sequence[Collection[str]]
) -> list[dict[str, float]]:
    """The measures of each question.

    Args:
        ranked: for each question the names of what was found, best first.
        relevant: for each question the names of all that should be; empty gives no measures.

    Raises:
        YinjuError: ir-measures is not installed.
        ValueError: not as many rankings as sets of relevant names.
    """
    if len(ranked) != len(relevant):
        raise ValueError(f"{len(ranked)} rankings for {len(relevant)} sets of relevant names")
    try:
        import ir_measures
    except ImportError as error:
        raise YinjuError(
            f"ranking measures need a package that is not installed ({error}); "
            "install it with: pip install ir-measures"
        ) from error
    measures = {ir_measures.parse_measure(theirs): ours for ours, theirs in MEASURES.items()}
    qrels = {str(i): dict.fromkeys(names, 1) for i, names in enumerate(relevant) if names}
    # It breaks ties by name, so that each place gets a score of its own.
    run = {
        str(i): {name: 1.0 / place for place, name in enumerate(ranked[int(i)], 1)} for i in qrels
    }
    # Whatever it leaves out is a miss: a question that found nothing counts like any other.
    scores = {i: dict.fromkeys(MEASURES, 0.0) for i in qrels}
    if qrels:
        for one in ir_measures.iter_calc(list(measures), qrels, run):
            scores[one.query_id][measures[one.measure]] = float(one.value)
    return [scores.get(str(i), {}) for i in range(len(ranked))]
