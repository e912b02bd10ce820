"""Which window belongs to which passage, and which passage to which report, held in memory.

A question looks at hundreds of windows to keep ten: their rows of the catalogue are read only of
those that stay.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Places:
    """Arrays by id.

    document: of each passage, shape (passages,). passage: of each window, shape (windows,).
    is_list: whether a window stands for a list, shape (windows,). by_passage, first: windows in the
    order of their passages, shape (windows,), and where each passage's begin, (passages + 1,).
    """

    document: Ids
    passage: Ids
    is_list: NDArray[np.bool_]
    by_passage: Ids
    first: Ids

    @classmethod
    def of(cls, document: Ids, passage: Ids, is_list: NDArray[np.bool_]) -> Places:
        """Works out the rest."""
        by_passage = np.argsort(passage, kind="stable")
        first = np.searchsorted(passage[by_passage], np.arange(len(document) + 1))
        return cls(document, passage, is_list, by_passage, first)

    def windows_in(self, documents: Sequence[int]) -> Ids:
        """All windows of the named documents, in their order in the index."""
        inside = np.isin(self.document[self.passage], np.array(documents, dtype=np.int64))
        windows: Ids = np.flatnonzero(inside)
        return windows

    def windows_of(self, passages: Ids) -> Ids:
        """All windows of the named passages, in the order of the passages.

        >>> places = Places.of(np.zeros(3, int), np.array([0, 1, 1, 2]), np.zeros(4, bool))
        >>> places.windows_of(np.array([2, 1])).tolist()
        [3, 1, 2]
        """
        first = self.first[passages]
        counts = self.first[passages + 1] - first
        ends = np.cumsum(counts)
        within = np.arange(int(ends[-1]) if len(ends) else 0) - np.repeat(ends - counts, counts)
        windows: Ids = self.by_passage[np.repeat(first, counts) + within]
        return windows
