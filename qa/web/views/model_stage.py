"""How far the preparation of a model is."""

from __future__ import annotations

from dataclasses import dataclass

# The stages in which a model is prepared, by the first word of what `indexer.embedding.compile`
# says of each.
_STAGES = ("reading", "writing", "loading", "exporting", "quantising", "comparing")


@dataclass(frozen=True, slots=True)
class ModelStage:
    """A stage of a model's preparation, as `stage.html` shows it."""

    text: str
    """What is said of it; "" while a model that is prepared is loaded."""

    @property
    def name(self) -> str:
        """The first word of the text."""
        return self.text.partition(" ")[0]

    @property
    def number(self) -> int:
        """Which of the stages it is, from 1; 0 where it is none of them."""
        return _STAGES.index(self.name) + 1 if self.name in _STAGES else 0

    @property
    def total(self) -> int:
        """The number of stages."""
        return len(_STAGES)
