"""Text to clean text, each edit recorded: runs the rules in order over the raw text."""

from __future__ import annotations

from dataclasses import dataclass

from indexer.document import LoadedFile

from .rules import RULES, Rule
from .site import export_title
from .trail import Trail
from .wrapping import Context


@dataclass(frozen=True, slots=True)
class Cleaned:
    """The trail from raw to clean text, and the title that the noise itself named, if any."""

    trail: Trail
    title: str | None


def clean(loaded: LoadedFile, rules: tuple[Rule, ...] = RULES) -> Cleaned:
    """Applies each rule that is for the format of `loaded`."""
    trail = Trail(loaded.text)
    title = None
    for rule in rules:
        if rule.formats and loaded.format not in rule.formats:
            continue
        if rule.name == "page-line":  # before the lines that say it are gone
            title = export_title(trail.text)
        at = trail.clean_position
        bounds = tuple(at(page.start) for page in loaded.pages)
        around = tuple((at(start), at(end)) for start, end in loaded.around)
        context = Context(loaded.format, bounds, around)
        trail = trail.apply(rule.name, rule.find(trail.text, context))
    return Cleaned(trail, title)
