"""Raw text to clean text: apply the rules in order and record each edit."""

from __future__ import annotations

from dataclasses import dataclass

from indexer.document import LoadedFile

from .rule import Rule, RuleContext
from .rules import RULES
from .site import find_export_title
from .trail import Trail


@dataclass(frozen=True, slots=True)
class CleanedText:
    """The result of cleaning one file."""

    trail: Trail
    """From the raw to the clean text."""
    title: str | None
    """The title that the removed page lines of a site's export carry, if it is one."""


def clean(loaded: LoadedFile, rules: tuple[Rule, ...] = RULES) -> CleanedText:
    """Apply in order those of `rules` that are for the format of `loaded`."""
    trail = Trail(loaded.text)
    title = None
    for rule in rules:
        if rule.formats and loaded.format not in rule.formats:
            continue
        if rule.name == "page-line":  # read the title before this rule removes its lines
            title = find_export_title(trail.text)
        to_clean = trail.clean_position
        context = RuleContext(
            page_starts=tuple(to_clean(page.start) for page in loaded.pages),
            around=tuple((to_clean(start), to_clean(end)) for start, end in loaded.boilerplate),
        )
        trail = trail.apply(rule.name, rule.find(trail.text, context))
    return CleanedText(trail, title)
