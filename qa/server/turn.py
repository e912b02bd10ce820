"""A turn of a conversation on the page: a question, its answer, and the places that they open."""

from __future__ import annotations

from dataclasses import dataclass

from indexer.messages import Message
from qa.types import Answer

from .suggestions import Suggestion

# How many of the nearest passages a refusal shows.
MAX_NEAREST = 3

# A report's path with start and end in its clean text.
Target = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Turn:
    """A question with its answer, with the error that ended it, or with neither while it waits."""

    question: str
    answer: Answer | None = None
    error: Message | None = None
    """Why there is no answer."""
    key: str = ""
    """The browser's id of the question, so that a question which is sent again is asked once."""
    threshold: float | None = None
    """The confidence, 0 to 1, that was asked for; None takes that of the settings."""
    scope: tuple[str, ...] = ()
    """The reports that are asked, as values of `qa.server.scope`; empty for all."""
    feedback_reply: str = ""
    """What the page replies once the user has judged the answer."""
    suggested: tuple[Suggestion, ...] = ()
    """With a refusal: questions that the reports do answer."""
    ahead: int = 0
    """How many questions of all users were ahead when it was asked."""

    @property
    def is_waiting(self) -> bool:
        """Whether the question is still to be answered."""
        return self.answer is None and not self.error

    def targets(self) -> list[Target]:
        """Return the places that the marks and cards of the answer open."""
        answer = self.answer
        if answer is None:
            return []
        nearest = answer.passages[:MAX_NEAREST] if answer.abstained else ()
        cited = [(c.document, c.start, c.end) for c in answer.citations]
        return cited + [(n.path, n.passage.start, n.passage.end) for n in nearest]
