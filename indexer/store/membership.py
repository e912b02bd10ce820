"""Which window belongs to which passage, and which passage to which report, as arrays in memory.

A question looks at hundreds of windows to keep ten. These arrays spare reading the catalogue's rows
of the windows that are dropped.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Membership:
    """Arrays by the ids of passages and windows."""

    document_of: Ids
    """The document of each passage, shape (passages,)."""
    passage_of: Ids
    """The passage of each window, shape (windows,)."""
    is_list: NDArray[np.bool_]
    """Whether a window stands for a list, shape (windows,)."""
    windows_by_passage: Ids
    """The windows in the order of their passages, shape (windows,)."""
    first: Ids
    """Where the windows of each passage begin in `windows_by_passage`, shape (passages + 1,)."""

    @classmethod
    def from_columns(
        cls, document_of: Ids, passage_of: Ids, is_list: NDArray[np.bool_]
    ) -> Membership:
        """Work out the order by passages from what the catalogue holds."""
        windows_by_passage = np.argsort(passage_of, kind="stable")
        first = np.searchsorted(passage_of[windows_by_passage], np.arange(len(document_of) + 1))
        return cls(document_of, passage_of, is_list, windows_by_passage, first)

    def windows_in(self, documents: Sequence[int]) -> Ids:
        """Return all windows of the given documents, in their order in the index."""
        inside = np.isin(self.document_of[self.passage_of], np.array(documents, dtype=np.int64))
        windows: Ids = np.flatnonzero(inside)
        return windows

    def windows_of(self, passages: Ids) -> Ids:
        """Return all windows of the given passages, in the order of the passages.

        >>> passage_of = np.array([0, 1, 1, 2])
        >>> membership = Membership.from_columns(np.zeros(3, int), passage_of, np.zeros(4, bool))
        >>> membership.windows_of(np.array([2, 1])).tolist()
        [3, 1, 2]
        """
        first = self.first[passages]
        counts = self.first[passages + 1] - first
        ends = np.cumsum(counts)
        within = np.arange(int(ends[-1]) if len(ends) else 0) - np.repeat(ends - counts, counts)
        windows: Ids = self.windows_by_passage[np.repeat(first, counts) + within]
        return windows
