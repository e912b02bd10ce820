"""What stands right above a list or a table and says what it is: its introduction, caption or unit."""

from __future__ import annotations

from collections.abc import Sequence

from indexer.types import Span

from .outline import Node
from .passages import PassageDraft

# A caption, a unit or an introduction has at most so many characters.
_LONGEST = 60
# A table's caption and its unit are two lines.
_MOST = 2


def find_leads(passages: Sequence[PassageDraft], nodes: tuple[Node, ...]) -> list[tuple[Span, ...]]:
    """Return the lines that lead to each item and each row, of all passages in order.

    These are the short paragraphs right above the first item or row. If there are none, the item
    that a list belongs to leads to it.
    """
    node_at = {node.start: node for node in nodes}
    leads: list[tuple[Span, ...]] = []
    for at, passage in enumerate(passages):
        before = passages[at - 1] if at else None
        if passage.kind == "paragraph":
            leads.append(())
        elif before is not None and _is_sibling(before, passage):
            leads.append(leads[-1])
        else:
            leads.append(_find_lines(passages, at))
        node = node_at.get(passage.span.start)
        parent = nodes[node.parent] if node and node.parent is not None else None
        if passage.kind == "item" and parent is not None and parent.kind == "item":
            leads[-1] = (Span(max(parent.start, parent.end - _LONGEST), parent.end),)
    return leads


def _find_lines(passages: Sequence[PassageDraft], at: int) -> tuple[Span, ...]:
    lines: list[Span] = []
    for lead in reversed(passages[max(at - _MOST, 0) : at]):
        is_short = lead.span.end - lead.span.start <= _LONGEST
        if lead.kind != "paragraph" or lead.path != passages[at].path or not is_short:
            break
        lines.insert(0, lead.span)
    return tuple(lines)


def _is_sibling(before: PassageDraft, passage: PassageDraft) -> bool:
    """Return whether the passage above belongs to the same list or table."""
    return (before.kind, before.path, before.header) == (passage.kind, passage.path, passage.header)
