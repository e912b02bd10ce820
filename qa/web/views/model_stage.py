"""The stage of a model's preparation, with its number among all stages."""

from __future__ import annotations

from dataclasses import dataclass

from indexer.messages import Message, say

# The stages in which a model is prepared, in their order, by their codes (`indexer.embedding.prepare`).
_STAGES = (
    "stage.reading",
    "stage.writing",
    "stage.loading",
    "stage.exporting",
    "stage.quantising",
    "stage.comparing",
)


@dataclass(frozen=True, slots=True)
class ModelStage:
    """A stage of a model's preparation, as `stage.html` shows it."""

    stage: Message
    language: str

    @property
    def text(self) -> str:
        """The stage in words."""
        return say(self.stage, self.language)

    @property
    def name(self) -> str:
        """The code of the stage without its group; names shorter words among the labels."""
        return self.stage.code.removeprefix("stage.")

    @property
    def number(self) -> int:
        """The number of the stage, from 1; 0 for a message that is no stage."""
        return _STAGES.index(self.stage.code) + 1 if self.stage.code in _STAGES else 0

    @property
    def total(self) -> int:
        """The number of stages."""
        return len(_STAGES)
