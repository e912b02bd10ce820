"""Which weights find the passage that answers? Fits qa/retrieval/data/passages.json.

Run it after `train_sentences.py`, whose probabilities are one of its features, with the same files. It
is fitted on the same questions, and measures on the second halves, which take no part, how often the
question's own paragraph is first, and its mean reciprocal rank.

    python -m tests.benchmarks.training.train_passages [FILE.json ...] [--kept FOLDER]
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from qa.matching import rarity_in
from qa.question import read_question
from qa.retrieval.passages import NAMES, read_passage_features
from qa.retrieval.sentences import rank_by_sentences
from qa.retrieval.windows import RankedPassage, rank_by_windows

from .fitting import (
    Case,
    Choice,
    fit,
    measure_by_set,
    parse_arguments,
    read_cases,
    write_results,
    write_weights,
)

# For the weights of features scaled to a standard deviation of 1. 0.01 and 0.002 are within noise;
# with less, the probabilities of sentences, fitted on the same questions, get too much weight.
PENALTY = 0.01


def read_choice(case: Case) -> Choice:
    """Return the features of the passages that were ranked by sentences, and which are right."""
    snapshot = case.index.snapshot
    asked, rarity = read_question(case.question, snapshot.segmenter), rarity_in(snapshot)
    retrieved = case.index._retrieve(asked)
    ranked = rank_by_windows(asked, retrieved, snapshot.catalogue, rarity)
    encode = case.index.encoder.encode_queries
    looked = rank_by_sentences(asked, ranked, retrieved, snapshot, rarity, encode)
    rows = np.array(read_passage_features(asked, looked, retrieved))
    return Choice(rows, np.array([_is_right(case, candidate) for candidate in looked]), case.weight)


def _is_right(case: Case, candidate: RankedPassage) -> bool:
    # A SQuAD document is one paragraph, which is right as a whole; of a report the passage must be.
    passage = candidate.passage
    return passage.document == case.document and (case.weight == 1 or case.holds(passage.text))


def measure_ranks(choices: Sequence[Choice], weights) -> dict[str, float]:
    """Return how often a right passage is first, and the mean reciprocal rank of the first right one."""
    ranks = []
    for choice in choices:
        logits, right = choice.rows @ weights, choice.right
        ranks.append(1 + (logits > logits[right].max()).sum() if right.any() else np.inf)
    inverse = 1 / np.array(ranks, dtype=float)
    return {
        "own_paragraph_first": round(float((inverse == 1).mean()), 4),
        "reciprocal_rank": round(float(inverse.mean()), 4),
    }


def main() -> None:
    """Fit, write the weights, measure, write and print the results."""
    args = parse_arguments(__doc__)
    training, held_out = [], []
    for case in read_cases(args.files, args.kept):
        if case.held_out:
            held_out.append((case.held_out, read_choice(case)))
        else:
            training.append(read_choice(case))
    scale = np.concatenate([choice.rows for choice in training]).std(axis=0)
    scaled = [replace(choice, rows=choice.rows / scale) for choice in training]
    weights = fit(scaled, PENALTY) / scale
    write_weights("passages", NAMES, weights, args.files)
    results = measure_by_set(held_out, lambda choices: measure_ranks(choices, weights))
    write_results("train_passages", {"questions": len(training), **results})


if __name__ == "__main__":
    main()
