"""The conversation before its first question: what to ask, or how far the model is."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from qa.server.suggestions import Suggestion
from qa.web.views.labels import LABELS

from .refusalpage import example_html

# The stages in which a model is prepared, by the first word of what `indexer.embedding.compile` says of each.
_STAGES = ("reading", "writing", "loading", "exporting", "quantising", "comparing")


def welcome_html(examples: Sequence[Suggestion], stage: str | None, language: str) -> str:
    """What the page is for, with questions to begin with.

    stage: as in `stage_html`, as long as the model is not ready; None when it is.
    """
    label = LABELS[language]
    told = f'<div class="examples">{"".join(map(example_html, examples))}</div>'
    if stage is not None:
        told = f'<div class="preparing" role="status">{stage_html(stage, language)}</div>'
    return f'<div class="welcome"><h2>{label["welcome"]}</h2><p>{label["promise"]}</p>{told}</div>'


def is_stage(line: str) -> bool:
    """Whether a line tells of the preparation of a model."""
    return line.partition(" ")[0] in _STAGES


def stage_html(stage: str, language: str) -> str:
    """How far the model is.

    stage: a line of its preparation; "" while one that is prepared is loaded.
    """
    label = LABELS[language]
    first = stage.partition(" ")[0]
    if not is_stage(stage):
        return f"<p>{escape(stage) or label['model_opening']}</p>"
    done = _STAGES.index(first)
    told = label["model_preparing"].format(
        stage=label[f"model_{first}"], n=done + 1, total=len(_STAGES)
    )
    return f'<p>{told}</p><progress max="{len(_STAGES)}" value="{done}" aria-label="{told}"></progress>'
