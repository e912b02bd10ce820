"""The lexical index: tantivy's BM25 over the terms of each passage."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

# Bytes of memory that tantivy may fill before it writes a segment.
_WRITER_MEMORY = 128_000_000
# The k1 that is built into tantivy; it cannot be set.
_K1 = 1.2
# Leave out longer terms: tantivy takes at most 65,530 bytes, and such a term is no word.
_MAX_TERM_LENGTH = 200


def write_bm25(folder: Path, terms: Iterable[tuple[int, str]]) -> None:
    """Write (passage id, terms joined by spaces) to a new index in `folder`.

    Use one thread: it adds passages in order, so that ties rank alike each time (promise 7).
    """
    import tantivy

    folder.mkdir()
    index = tantivy.Index(_schema(), path=str(folder))
    writer = index.writer(_WRITER_MEMORY, 1)
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


class Bm25Index:
    """BM25 (k1 1.2, b 0.75) over the passages of a snapshot."""

    def __init__(self, folder: Path) -> None:
        """Open the index that `write_bm25` wrote.

        Raises:
            ValueError: tantivy cannot open it.
        """
        import tantivy

        self._tantivy = tantivy
        self._index = tantivy.Index.open(str(folder))
        self._searcher = self._index.searcher()

    @property
    def size(self) -> int:
        """The number of passages."""
        return int(self._searcher.num_docs)

    def document_frequency(self, term: str) -> int:
        """Return the number of passages that contain a term."""
        return int(self._searcher.doc_freq("body", term))

    def search(self, terms: Sequence[str], limit: int) -> dict[int, float]:
        """Return the best `limit` passages for a bag of terms: id -> BM25 score, best first."""
        if not terms or not self.size:
            return {}
        return self._run(self._any_of(terms), limit)

    def upper_bound(self, terms: Sequence[str]) -> float:
        """Return a score that no passage can exceed for a bag of terms: each at its full weight."""
        total = self.size
        frequencies = [self.document_frequency(term) for term in terms]
        return sum((_K1 + 1) * math.log(1 + (total - n + 0.5) / (n + 0.5)) for n in frequencies)

    def score(self, terms: Sequence[str], passages: Sequence[int]) -> dict[int, float]:
        """Return the BM25 scores of the given passages, without those that contain no term."""
        if not terms or not passages:
            return {}
        query, occur = self._tantivy.Query, self._tantivy.Occur
        given = query.term_set_query(self._index.schema, "id", [int(p) for p in passages])
        both = query.boolean_query(
            [(occur.Must, self._any_of(terms)), (occur.Must, query.const_score_query(given, 0.0))]
        )
        return self._run(both, len(passages))

    def _any_of(self, terms: Sequence[str]) -> Any:
        query, occur = self._tantivy.Query, self._tantivy.Occur
        schema = self._index.schema
        return query.boolean_query(
            [
                (occur.Should, query.term_query(schema, "body", t, "freq"))
                for t in terms
                if len(t) < _MAX_TERM_LENGTH
            ]
        )

    def _run(self, query: Any, limit: int) -> dict[int, float]:
        hits: Any = self._searcher.search(query, limit, count=False).hits
        ids: Any = self._searcher.fast_field_values("id", [address for _, address in hits])
        found = {int(number): float(score) for (score, _), number in zip(hits, ids, strict=True)}
        # Put equal scores into the order of the reports, whatever tantivy's segments are.
        return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))
