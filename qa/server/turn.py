"""A conversation on the page: its turns and the places that they open."""

from __future__ import annotations

from dataclasses import dataclass

from indexer.messages import Message
from qa.types import Answer

from .suggestions import Suggestion

# How many passages a refusal shows.
MOST_NEAR = 3


@dataclass(frozen=True, slots=True)
class Turn:
    """A question of a conversation with its answer, with what went wrong, or with neither yet.

    error: why it has no answer. key: what the browser calls
    it, so that a question which it sends again is asked once. threshold: the confidence that was
    asked for with it; None is the settings'. scope: the reports that it is asked of (`qa.server.scope`).
    judged: what is said back once a user has judged the answer. suggested: with a refusal,
    questions that the reports do answer. ahead: how many questions of all users were before it when
    it was asked.
    """

    question: str
    answer: Answer | None = None
    error: Message | None = None
    key: str = ""
    threshold: float | None = None
    scope: tuple[str, ...] = ()
    judged: str = ""
    suggested: tuple[Suggestion, ...] = ()
    ahead: int = 0

    @property
    def waits(self) -> bool:
        """Whether it is still to be answered."""
        return self.answer is None and not self.error

    def targets(self) -> list[Target]:
        """The places that its marks and cards open."""
        answer = self.answer
        if answer is None:
            return []
        near = answer.passages[:MOST_NEAR] if answer.abstained else ()
        cited = [(c.document, c.start, c.end) for c in answer.citations]
        return cited + [(n.path, n.passage.start, n.passage.end) for n in near]


# A report's path with start and end in its clean text.
Target = tuple[str, int, int]
