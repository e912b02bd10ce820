"""Questions said otherwise: the terms of formal questions replaced by what people say for them.

The words are those of corpus/training/lay_words.jsonl. Questions that are answered and near misses are
changed alike, so that the wording tells nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from .reader_groups import Group

# How many wordings are made of a question, and how many terms must change in each.
_WORDINGS, _LEAST = 2, 2
_POLITE = re.compile(r"[?？。]$|^请问")


def read_words(path: Path) -> dict[str, tuple[str, ...]]:
    """Read term -> what people say for it."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return {row["term"]: tuple(row["said"]) for row in rows if row["said"]}


def make_lay(
    groups: Sequence[Group], words: Mapping[str, Sequence[str]], share: float, seed: int = 3
) -> Iterator[Group]:
    """Yield formal groups with their terms said otherwise, of as many as `share` says."""
    rng = np.random.default_rng(seed)
    terms = re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))))
    for group in groups:
        if group.wording == "colloquial" or rng.random() >= share:
            continue
        made = set()
        for _ in range(_WORDINGS):
            found = terms.findall(group.question)
            if len(set(found)) < _LEAST and len(group.question) > 16:
                break
            said = terms.sub(lambda m: str(rng.choice(words[m.group()])), group.question)
            made.add(_POLITE.sub("", said))
        for question in sorted(made - {group.question}):
            yield replace(group, question=question, wording="colloquial", pair="")
