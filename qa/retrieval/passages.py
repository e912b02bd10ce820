"""Which of the passages looked at answers: a linear model over readable features of each.

The weights, data/passages.json, come from `tests/benchmarks/training/train_passages.py`, which says what they were
fitted on; they are the logits of a softmax over the passages of one question.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from indexer.text.fold import fold
from qa.matching import folded_context, pairs_of
from qa.question import Question

from .hybrid import Retrieved
from .linear import logits_of, softmax
from .windows import Appraisal

# worth: as `appraise` has it. sentences: the logarithm of the chance of its sentences
# (`qa.retrieval.sentences`), -FAINT where none is likely or none was read. cosine: ten times its best window's
# cosine behind the nearest one's. words: its BM25, of what a passage could have at most. pairs: the
# share of the question's character pairs that it and its headings hold. run: the longest run of the
# question's characters that it holds, of the question. opening: the logarithm of how many
# characters it begins with as the question does, its subject mostly.
NAMES = ("worth", "sentences", "cosine", "words", "pairs", "run", "opening")
FAINT = 9.2
_QUOTES = "《「『“\"'〈【( "


def order(question: Question, looked: Sequence[Appraisal], retrieved: Retrieved) -> list[Appraisal]:
    """Ranks appraised passages anew, with the chance of each to be the one that answers."""
    if not looked:
        return []
    chances = softmax(logits_of("passages", NAMES, passage_features(question, looked, retrieved)))
    ranked = [replace(a, chance=c) for a, c in zip(looked, chances.tolist(), strict=True)]
    return sorted(ranked, key=lambda a: (-a.chance, a.passage.id))


def passage_features(
    question: Question, looked: Sequence[Appraisal], retrieved: Retrieved
) -> list[tuple[float, ...]]:
    """The features of each passage, in the order of NAMES."""
    nearest = max(one.candidate.dense for one in looked)
    pairs = list(dict.fromkeys(pairs_of(question.text)))
    asked = question.text.lstrip(_QUOTES)
    rows: list[tuple[float, ...]] = []
    for one in looked:
        text = fold(one.passage.text)
        said = f"{folded_context(one.passage)}\n{text}"
        rows.append(
            (
                one.worth,
                max(math.log(one.chance), -FAINT) if one.chance > 0 else -FAINT,
                (one.candidate.dense - nearest) * 10,
                one.candidate.lexical / retrieved.bound if retrieved.bound else 0.0,
                sum([pair in said for pair in pairs]) / (len(pairs) or 1),
                longest_run(question.text, said) / len(question.text),
                math.log1p(_shared_opening(asked, text.lstrip(_QUOTES))),
            )
        )
    return rows


def longest_run(asked: str, said: str) -> int:
    """How many neighbouring characters of one text another holds at most.

    >>> longest_run("移动支付的规模", "支付的场景")
    3
    """
    best = 0
    for at in range(len(asked)):
        while at + best < len(asked) and asked[at : at + best + 1] in said:
            best += 1
    return best


def _shared_opening(one: str, other: str) -> int:
    at = 0
    while at < min(len(one), len(other)) and one[at] == other[at]:
        at += 1
    return at
