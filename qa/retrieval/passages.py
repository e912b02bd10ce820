"""Fourth stage of ranking: which passage answers, by a linear model over features of each.

`tests/benchmarks/training/train_passages.py` fits the weights, data/passages.json, and says on
what. They are the logits of a softmax over the passages of one question.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from indexer.text.fold import fold
from qa.matching import find_character_pairs, fold_context
from qa.question import Question

from .hybrid import Retrieved
from .linear import compute_logits, softmax
from .windows import RankedPassage

# The least logarithm of a probability: sentences that are less likely, or were not scored, get it.
FAINT = 9.2
# The names of the features, as they stand in data/passages.json.
NAMES = (
    "worth",  # the score of the best window
    "sentences",  # log of the probability of its sentences (`qa.retrieval.sentences`), >= -FAINT
    "cosine",  # ten times the cosine of its best window, less that of the nearest passage
    "words",  # its BM25 score, of the highest that a passage could have
    "pairs",  # the share of the question's character pairs that it and its headings contain
    "run",  # the longest run of the question's characters in it, of the question's length
    "opening",  # log(1 + characters that it begins with as the question does): mostly its subject
)
_QUOTES = "《「『“\"'〈【( "


def rank_by_features(
    question: Question, passages: Sequence[RankedPassage], retrieved: Retrieved
) -> list[RankedPassage]:
    """Rank passages by the probability of each to be the one that answers."""
    if not passages:
        return []
    rows = read_passage_features(question, passages, retrieved)
    shares = softmax(compute_logits("passages", NAMES, rows))
    ranked = [replace(p, probability=s) for p, s in zip(passages, shares.tolist(), strict=True)]
    return sorted(ranked, key=lambda p: (-p.probability, p.passage.id))


def read_passage_features(
    question: Question, passages: Sequence[RankedPassage], retrieved: Retrieved
) -> list[tuple[float, ...]]:
    """Return the features of each passage, in the order of NAMES."""
    nearest = max(ranked.candidate.dense for ranked in passages)
    pairs = list(dict.fromkeys(find_character_pairs(question.text)))
    asked = question.text.lstrip(_QUOTES)
    rows: list[tuple[float, ...]] = []
    for ranked in passages:
        own = fold(ranked.passage.text)
        text = f"{fold_context(ranked.passage)}\n{own}"
        likely = ranked.probability
        rows.append(
            (
                ranked.window_score,
                max(math.log(likely), -FAINT) if likely > 0 else -FAINT,
                (ranked.candidate.dense - nearest) * 10,
                ranked.candidate.lexical / retrieved.bound if retrieved.bound else 0.0,
                sum([pair in text for pair in pairs]) / (len(pairs) or 1),
                measure_longest_run(question.text, text) / len(question.text),
                math.log1p(_measure_common_prefix(asked, own.lstrip(_QUOTES))),
            )
        )
    return rows


def measure_longest_run(asked: str, text: str) -> int:
    """Return the length of the longest run of `asked` that `text` contains.

    >>> measure_longest_run("移动支付的规模", "支付的场景")
    3
    """
    best = 0
    for at in range(len(asked)):
        while at + best < len(asked) and asked[at : at + best + 1] in text:
            best += 1
    return best


def _measure_common_prefix(asked: str, text: str) -> int:
    at = 0
    while at < min(len(asked), len(text)) and asked[at] == text[at]:
        at += 1
    return at
