"""Which weights find the sentence that answers? Fits qa/data/sentences.json.

Trains on the paragraphs of the first half of each SQuAD-layout file that is named (CMRC 2018 and
DRCD for the weights that ship) and on corpus/training, and tells how often the chosen quotation
holds an answer on the second halves, which take no part.

    python -m tests.benchmarks.training.train_sentences [FILE.json ...] [--kept FOLDER]
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from fitting import Case, Choice, arguments, by_set, cases, fit, write_results, write_weights

from qa.matching import rarity_in
from qa.question import read_question
from qa.retrieval.linear import compute_logits, read_weights, softmax
from qa.retrieval.sentences import NAMES, Sentence, find_best_run, read_sentences
from qa.retrieval.windows import rank_by_windows

# From 1e-5 to 1e-3 nothing changes beyond noise.
PENALTY = 1e-4


def sentences_of(case: Case) -> list[Sentence]:
    """The sentences that a question chooses from."""
    snapshot = case.index.snapshot
    asked, rarity = read_question(case.question, snapshot.segmenter), rarity_in(snapshot)
    retrieved = case.index._retrieve(asked)
    ranked = rank_by_windows(asked, retrieved, snapshot.catalogue, rarity)
    encode = case.index.encoder.encode_queries
    return read_sentences(asked, ranked, retrieved, snapshot, rarity, encode)


def choice(case: Case, found: Sequence[Sentence]) -> Choice:
    """Their features, and which hold an answer."""
    right = [
        one.ranked.passage.document == case.document and case.holds(_text(one, one.span))
        for one in found
    ]
    return Choice(np.array([one.features for one in found]), np.array(right), case.weight)


def _text(one: Sentence, span) -> str:
    passage = one.ranked.passage
    return passage.text[span.start - passage.start : span.end - passage.start]


def score(found: Sequence[tuple[Case, list[Sentence]]], mass: float) -> dict[str, float]:
    """Own paragraph first, an answer in its quotation of at most 160 characters, their length."""
    own = held = size = 0
    for case, sentences in found:
        chances = softmax(compute_logits("sentences", NAMES, [s.features for s in sentences]))
        passages = [s.ranked.passage.id for s in sentences]
        shares = {
            p: sum(c for c, q in zip(chances, passages, strict=True) if q == p) for p in passages
        }
        best = max(shares, key=lambda p: shares[p])
        mine = [i for i, p in enumerate(passages) if p == best]
        run = find_best_run(
            [sentences[i].span for i in mine], [chances[i] for i in mine], mass, 160
        )
        text = _text(sentences[mine[0]], run)
        own += sentences[mine[0]].ranked.passage.document == case.document
        held += len(text) <= 160 and case.holds(text)
        size += len(text)
    n = len(found)
    return {
        "own_paragraph_first": round(own / n, 4),
        "answer_in_quotation": round(held / n, 4),
        "characters": round(size / n, 1),
    }


def main() -> None:
    args = arguments(__doc__)
    training, held_out = [], []
    for case in cases(args.files, args.kept):
        found = sentences_of(case)
        if case.held_out:
            held_out.append((case.held_out, (case, found)))
        else:
            training.append(choice(case, found))
    write_weights("sentences", NAMES, fit(training, PENALTY), args.files)
    read_weights.cache_clear()
    results = {
        f"{name}, mass {mass}": told
        for mass in (1.0, 0.998, 0.995, 0.99, 0.97, 0.93)
        for name, told in by_set(held_out, lambda found, mass=mass: score(found, mass)).items()
    }
    write_results("train_sentences", {"questions": len(training), **results})


if __name__ == "__main__":
    main()
