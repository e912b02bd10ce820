"""Make what a reader is trained and measured on: questions with the texts that retrieval finds for them.

A group is a question with candidate texts, each with its context, and which of them answer. Those that
do not are what the program itself finds: hard negatives.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from indexer.text.fold import fold, fold_strict
from indexer.types import Span
from qa.conversation.follow_up import rewrite_follow_up
from qa.evaluation.gold import GoldQuestion
from qa.index import Index
from qa.retrieval.reading import LONGEST_WHOLE, Excerpt, describe, make_excerpts

# Types whose evidence lies in several places: a text that holds one snippet answers in part.
SCATTERED = ("list", "row", "column", "comparison")


@dataclass(frozen=True)
class Group:
    """A question and texts that may answer it."""

    question: str
    """Folded."""
    source: str
    kind: str
    """The type of the question, or the kind of a near miss."""
    wording: str
    answerable: bool
    texts: tuple[tuple[str, str], ...]
    """Context and text, folded, best candidate first."""
    labels: tuple[int, ...]
    """1 for a text that answers."""
    evidence: tuple[str, ...] = ()
    """What answers, folded."""
    pair: str = ""
    """What the two wordings of a fact share."""


def holds(question: GoldQuestion, text: str) -> bool:
    """Return whether a text has the evidence of a question, or a part of it where that is scattered."""
    folded = fold_strict(text)
    snippets = [fold_strict(snippet) in folded for snippet in question.evidence]
    return any(snippets) if question.type in SCATTERED else all(snippets)


def gather(
    index: Index,
    questions: Iterable[GoldQuestion],
    source: str,
    depth: int,
    exclude: frozenset[int] = frozenset(),
    *,
    add_missing: bool = False,
) -> Iterator[Group]:
    """Yield a group of each question.

    Args:
        depth: how many candidates are read.
        exclude: documents that are not searched.
        add_missing: add the texts that answer but were not found, behind the others.
    """
    catalogue = index.snapshot.catalogue
    numbers = {Path(d.path).name: d.id for d in index.documents()}
    by_document: dict[int, list[Excerpt]] = {}
    for question in questions:
        segmenter = index.snapshot.segmenter
        text = rewrite_follow_up(question.question, list(question.history), lambda q: (), segmenter)
        asked, scope = index._understand(text, exclude)
        found = index._retrieve(asked, exclude, scope=scope)
        excerpts = make_excerpts(found.candidates[:depth], catalogue)
        document = numbers.get(question.document)
        texts, labels = [], []
        for excerpt in excerpts:
            right = question.answerable and (document in (None, excerpt.passage.document))
            texts.append((excerpt.context, excerpt.text))
            labels.append(
                int(right and holds(question, f"{excerpt.passage.header}\n{excerpt.text}"))
            )
        if add_missing and question.answerable and not any(labels) and document is not None:
            if document not in by_document:
                by_document[document] = list(read_all(index, document))
            for excerpt in by_document[document]:
                pair = (excerpt.context, excerpt.text)
                if pair not in texts and holds(
                    question, f"{excerpt.passage.header}\n{excerpt.text}"
                ):
                    texts.append(pair)
                    labels.append(1)
        kind = question.type if question.answerable else question.miss or "unanswerable"
        yield Group(
            fold(text), source, kind, question.wording, question.answerable,
            tuple(texts), tuple(labels), tuple(map(fold, question.evidence)), question.pair,
        )  # fmt: skip


def read_all(index: Index, document: int) -> Iterator[Excerpt]:
    """Yield every text of a report, as `make_excerpts` makes them."""
    catalogue, membership = index.snapshot.catalogue, index.snapshot.membership
    ids = [i for i, d in enumerate(membership.document_of.tolist()) if d == document]
    passages = catalogue.passages(ids)
    title = catalogue.document(document).title
    windows = [w for w in catalogue.windows_of(ids) if w.kind == "text"]
    for window in windows:
        passage = passages[window.passage]
        whole = passage.end - passage.start <= LONGEST_WHOLE
        span = Span(passage.start, passage.end) if whole else Span(window.start, window.end)
        text = passage.text[span.start - passage.start : span.end - passage.start]
        context = describe(title, passage)
        yield Excerpt(None, passage, span, context, fold(text))  # type: ignore[arg-type]


def write_groups(path: Path, groups: Iterable[Group]) -> int:
    """Write groups, a JSON object a line, packed; return how many."""
    count = 0
    with gzip.open(path, "wt", encoding="utf-8") as file:
        for group in groups:
            file.write(json.dumps(asdict(group), ensure_ascii=False) + "\n")
            count += 1
    return count


def read_groups(path: Path) -> list[Group]:
    """Read what `write_groups` wrote."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    return [
        Group(
            **row
            | {"texts": tuple(map(tuple, row["texts"])), "labels": tuple(row["labels"])}
            | {"evidence": tuple(row.get("evidence", ()))}
        )
        for row in rows
    ]
