"""Which weights find the passage that answers? Fits qa/data/passages.json.

Run after `train_sentences.py`, whose chances are one of its features, with the same files; it is
fitted on the same questions and tells how often the own paragraph is first, and the mean of one by
its rank, on the second halves, which take no part.

    python -m tests.benchmarks.training.train_passages [FILE.json ...] [--kept FOLDER]
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from fitting import Case, Choice, arguments, by_set, cases, fit, write_results, write_weights

from qa.matching import rarity_in
from qa.question import read_question
from qa.retrieval.passages import NAMES, read_passage_features
from qa.retrieval.sentences import rank_by_sentences
from qa.retrieval.windows import RankedPassage, rank_by_windows

# Of the weights of features scaled to one standard deviation. 0.01 and 0.002 are within noise;
# with less, the sentences' chances, which were fitted on the same questions, are trusted too far.
PENALTY = 0.01


def choice(case: Case) -> Choice:
    """The features of the passages looked at, and which are right."""
    snapshot = case.index.snapshot
    asked, rarity = read_question(case.question, snapshot.segmenter), rarity_in(snapshot)
    retrieved = case.index._retrieve(asked)
    ranked = rank_by_windows(asked, retrieved, snapshot.catalogue, rarity)
    encode = case.index.encoder.encode_queries
    looked = rank_by_sentences(asked, ranked, retrieved, snapshot, rarity, encode)
    rows = np.array(read_passage_features(asked, looked, retrieved))
    return Choice(rows, np.array([_right(case, one) for one in looked]), case.weight)


def _right(case: Case, one: RankedPassage) -> bool:
    # A paragraph that is a document is right as a whole; of a report the passage must be.
    passage = one.passage
    return passage.document == case.document and (case.weight == 1 or case.holds(passage.text))


def score(choices: Sequence[Choice], weights) -> dict[str, float]:
    """Own paragraph first, and the mean of one by its rank."""
    ranks = []
    for one in choices:
        logits = one.rows @ weights
        ranks.append(1 + (logits > logits[one.right].max()).sum() if one.right.any() else np.inf)
    inverse = 1 / np.array(ranks, dtype=float)
    return {
        "own_paragraph_first": round(float((inverse == 1).mean()), 4),
        "reciprocal_rank": round(float(inverse.mean()), 4),
    }


def main() -> None:
    args = arguments(__doc__)
    training, held_out = [], []
    for case in cases(args.files, args.kept):
        if case.held_out:
            held_out.append((case.held_out, choice(case)))
        else:
            training.append(choice(case))
    scale = np.concatenate([one.rows for one in training]).std(axis=0)
    scaled = [replace(one, rows=one.rows / scale) for one in training]
    weights = fit(scaled, PENALTY) / scale
    write_weights("passages", NAMES, weights, args.files)
    results = by_set(held_out, lambda choices: score(choices, weights))
    write_results("train_passages", {"questions": len(training), **results})


if __name__ == "__main__":
    main()
