"""The lexical index: tantivy's BM25 over the terms of each passage."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

_HEAP = 128_000_000
# tantivy's, not to be set.
_K1 = 1.2
# tantivy takes a term of up to 65,530 bytes; one that is longer than this is no word.
_MAX_TERM = 200


def write_lexical(folder: Path, terms: Iterable[tuple[int, str]]) -> None:
    """Writes (passage id, terms joined by spaces) to a new index, with one thread.

    One thread adds passages in order, so that ties rank alike each time (promise 7).
    """
    import tantivy

    folder.mkdir()
    index = tantivy.Index(_schema(), path=str(folder))
    writer = index.writer(_HEAP, 1)
    for number, text in terms:
        document = tantivy.Document()
        document.add_unsigned("id", number)
        document.add_text("body", text)
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()


def _schema() -> Any:
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("id", stored=True, indexed=True, fast=True)
    builder.add_text_field("body", tokenizer_name="whitespace", index_option="freq")
    return builder.build()


class Lexical:
    """BM25 (k1 1.2, b 0.75) over the passages of a snapshot."""

    def __init__(self, folder: Path) -> None:
        import tantivy

        self._tantivy = tantivy
        self._index = tantivy.Index.open(str(folder))
        self._searcher = self._index.searcher()

    @property
    def size(self) -> int:
        """How many passages there are."""
        return int(self._searcher.num_docs)

    def frequency(self, term: str) -> int:
        """How many passages hold a term."""
        return int(self._searcher.doc_freq("body", term))

    def search(self, terms: Sequence[str], limit: int) -> dict[int, float]:
        """The best `limit` passages for a bag of terms: id -> BM25 score, best first."""
        if not terms or not self.size:
            return {}
        return self._run(self._any_of(terms), limit)

    def bound(self, terms: Sequence[str]) -> float:
        """What no passage's score for a bag of terms can exceed: each term at its full weight."""
        total = self.size
        held = [self.frequency(term) for term in terms]
        return sum((_K1 + 1) * math.log(1 + (total - n + 0.5) / (n + 0.5)) for n in held)

    def score(self, terms: Sequence[str], passages: Sequence[int]) -> dict[int, float]:
        """BM25 scores of the named passages; one that holds no term is left out."""
        if not terms or not passages:
            return {}
        query, occur = self._tantivy.Query, self._tantivy.Occur
        named = query.term_set_query(self._index.schema, "id", [int(p) for p in passages])
        both = query.boolean_query(
            [(occur.Must, self._any_of(terms)), (occur.Must, query.const_score_query(named, 0.0))]
        )
        return self._run(both, len(passages))

    def _any_of(self, terms: Sequence[str]) -> Any:
        query, occur = self._tantivy.Query, self._tantivy.Occur
        schema = self._index.schema
        return query.boolean_query(
            [
                (occur.Should, query.term_query(schema, "body", t, "freq"))
                for t in terms
                if len(t) < _MAX_TERM
            ]
        )

    def _run(self, query: Any, limit: int) -> dict[int, float]:
        hits: Any = self._searcher.search(query, limit, count=False).hits
        ids: Any = self._searcher.fast_field_values("id", [address for _, address in hits])
        found = {int(number): float(score) for (score, _), number in zip(hits, ids, strict=True)}
        # Equal scores in the order of the report, whatever tantivy's segments are.
        return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))
