"""Which weights find the sentence that answers? Fits qa/retrieval/data/sentences.json.

Fits on the first half of the paragraphs of each SQuAD-layout file that is named (CMRC 2018 and DRCD
for the weights that ship) and on corpus/training. Measures on the second halves, which take no part,
how often the chosen quotation contains an answer.

    python -m tests.benchmarks.training.train_sentences [FILE.json ...] [--kept FOLDER]
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from qa.matching import rarity_in
from qa.question import read_question
from qa.retrieval.linear import compute_logits, read_weights, softmax
from qa.retrieval.sentences import NAMES, Sentence, find_best_run, read_sentences
from qa.retrieval.windows import rank_by_windows

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

# From 1e-5 to 1e-3 nothing changes beyond noise.
PENALTY = 1e-4


def sentences_of(case: Case) -> list[Sentence]:
    """Return the candidate sentences of a question."""
    snapshot = case.index.snapshot
    asked, rarity = read_question(case.question, snapshot.segmenter), rarity_in(snapshot)
    retrieved = case.index._retrieve(asked)
    ranked = rank_by_windows(asked, retrieved, snapshot.catalogue, rarity)
    encode = case.index.encoder.encode_queries
    return read_sentences(asked, ranked, retrieved, snapshot, rarity, encode)


def to_choice(case: Case, sentences: Sequence[Sentence]) -> Choice:
    """Return the features of the sentences, and which contain an answer."""
    right = [
        sentence.ranked.passage.document == case.document
        and case.holds(_text_of(sentence, sentence.span))
        for sentence in sentences
    ]
    features = np.array([sentence.features for sentence in sentences])
    return Choice(features, np.array(right), case.weight)


def _text_of(sentence: Sentence, span) -> str:
    """Return the text of a span of the sentence's passage."""
    passage = sentence.ranked.passage
    return passage.text[span.start - passage.start : span.end - passage.start]


def measure_quotations(
    cases: Sequence[tuple[Case, list[Sentence]]], mass: float
) -> dict[str, float]:
    """Measure the quotations from the best passage, of at most 160 characters.

    Returns:
        how often the passage is the question's own paragraph, how often the quotation contains an
        answer, and the mean length of quotations in characters.

    Args:
        mass: the share of the passage's probability that the quoted sentences must reach.
    """
    own = answered = size = 0
    for case, sentences in cases:
        probabilities = softmax(compute_logits("sentences", NAMES, [s.features for s in sentences]))
        passages = [s.ranked.passage.id for s in sentences]
        shares = {
            p: sum(x for x, q in zip(probabilities, passages, strict=True) if q == p)
            for p in passages
        }
        best = max(shares, key=lambda p: shares[p])
        chosen = [i for i, p in enumerate(passages) if p == best]
        run = find_best_run(
            [sentences[i].span for i in chosen], [probabilities[i] for i in chosen], mass, 160
        )
        text = _text_of(sentences[chosen[0]], run)
        own += sentences[chosen[0]].ranked.passage.document == case.document
        answered += len(text) <= 160 and case.holds(text)
        size += len(text)
    n = len(cases)
    return {
        "own_paragraph_first": round(own / n, 4),
        "answer_in_quotation": round(answered / n, 4),
        "characters": round(size / n, 1),
    }


def main() -> None:
    """Fit, write the weights, measure, write and print the results."""
    args = parse_arguments(__doc__)
    training, held_out = [], []
    for case in read_cases(args.files, args.kept):
        sentences = sentences_of(case)
        if case.held_out:
            held_out.append((case.held_out, (case, sentences)))
        else:
            training.append(to_choice(case, sentences))
    write_weights("sentences", NAMES, fit(training, PENALTY), args.files)
    read_weights.cache_clear()
    results = {}
    for mass in (1.0, 0.998, 0.995, 0.99, 0.97, 0.93):
        measured = measure_by_set(
            held_out, lambda cases, mass=mass: measure_quotations(cases, mass)
        )
        results |= {f"{name}, mass {mass}": figures for name, figures in measured.items()}
    write_results("train_sentences", {"questions": len(training), **results})


if __name__ == "__main__":
    main()
