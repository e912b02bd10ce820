"""Parse a report file into all that an index keeps of it, in three stages.

`load` returns a LoadedFile (raw text), `clean_report` a CleanedReport (clean text and outline) and
`parse_report` a ParsedReport (also passages, windows and lists). None of them needs a model.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from indexer.cleaning.clean import clean
from indexer.cleaning.trail import Trail
from indexer.structure.about import find_about
from indexer.structure.leads import find_leads
from indexer.structure.outline import Node, build_outline
from indexer.structure.passages import (
    ListDraft,
    PassageDraft,
    find_lists,
    find_passages,
    find_windows,
    is_truncated,
)
from indexer.structure.title import find_sheet_title, find_title, is_placeholder
from indexer.text.fold import fold
from indexer.text.segment import PLAIN, Segmenter

from .config import LIMITS, Limits
from .load import LoadedFile, load
from .messages import message
from .parsed_report import ParsedReport, file_hash
from .types import ItemList, Passage, Span, Window

# The problem of a report that is cut off.
TRUNCATED = message("problem.truncated")

# The encoder reads so many characters from the end of the sentence that introduces a list.
_MAX_INTRO = 80


@dataclass(frozen=True)
class CleanedReport:
    """A report cleaned and outlined, before it is cut into passages: what `yinju clean` shows."""

    title: str
    loaded: LoadedFile
    trail: Trail
    """The raw text with the edits that clean it."""
    nodes: tuple[Node, ...]
    """The outline: headings and list items."""
    truncated: bool
    """Whether it breaks off inside its last sentence."""


def clean_report(path: Path, limits: Limits = LIMITS) -> CleanedReport:
    """Load, clean and outline one file.

    Raises:
        YinjuError: the file cannot be read.
    """
    loaded = load(path, limits)
    cleaned = clean(loaded)
    trail = cleaned.trail
    headings = tuple(
        (start, end, one.level)
        for one in loaded.headings
        # Skip headings whose text was removed: they would otherwise mark the next line.
        if (start := trail.clean_position(one.start)) < (end := trail.clean_position(one.end))
    )
    nodes = build_outline(trail.text, headings)
    given = loaded.title if loaded.title and not is_placeholder(loaded.title) else None
    if given == path.stem:  # a table: it may have a title in its first cell
        given = find_sheet_title(trail.text, path.stem) or given
    title = cleaned.title or given or find_title(trail.text, nodes, path.stem) or path.stem
    return CleanedReport(title, loaded, trail, nodes, is_truncated(trail.text))


def parse_report(
    path: Path,
    shown: str | None = None,
    limits: Limits = LIMITS,
    segmenter: Segmenter = PLAIN,
) -> ParsedReport:
    """Load, clean and outline one file, and cut it into passages, windows and lists.

    Args:
        shown: the path that citations name; None for `path`.
        segmenter: cuts the passages into terms; loading and cleaning do not depend on it.

    Raises:
        YinjuError: the file cannot be read.
    """
    from indexer.cleaning.damage import damage_problems

    # Hash the file before it is read: the next indexing run then sees a change in between.
    digest = file_hash(path)
    report = clean_report(path, limits)
    text, nodes = report.trail.text, report.nodes
    drafts = [
        p
        for p in find_passages(text, nodes)
        if (told := text[p.span.start : p.span.end]) != report.title and _has_words(told)
    ]
    leads = find_leads(drafts, nodes)
    passages = tuple(
        _make_passage(i, text, nodes, draft, lead, report.title, segmenter)
        for i, (draft, lead) in enumerate(zip(drafts, leads, strict=True))
    )
    list_drafts = find_lists(nodes, drafts)
    lists = tuple(_make_list(i, text, nodes, draft, report) for i, draft in enumerate(list_drafts))
    return ParsedReport(
        path=shown or path.as_posix(),
        resolved=str(path.resolve()),
        sha256=digest,
        title=report.title,
        format=report.loaded.format,
        encoding=report.loaded.encoding,
        truncated=report.truncated,
        problems=report.loaded.problems
        + damage_problems(report.trail, report.nodes)
        + ((TRUNCATED,) if report.truncated else ()),
        trail=report.trail,
        pages=report.loaded.pages,
        nodes=nodes,
        passages=passages,
        windows=tuple(_make_windows(text, drafts, passages, lists)),
        lists=lists,
        modified=date.fromtimestamp(path.stat().st_mtime).isoformat(),
        about=find_about(text, report.title, path.stem),
    )


def _has_words(text: str) -> bool:
    return any(character.isalnum() for character in text)


def _heading_texts(
    text: str, nodes: tuple[Node, ...], path: tuple[int, ...], title: str
) -> tuple[str, ...]:
    """Return the heading lines of a path without Markdown's marks and without the report's title.

    Args:
        path: indices of nodes, outermost first.
    """
    chain = [nodes[i] for i in path]
    lines = (
        text[n.title_start if n.style == "bullet" else n.start : n.end].strip().strip("#").strip()
        for n in chain
    )
    return tuple(line for line in lines if line != title)


def _make_passage(
    number: int,
    text: str,
    nodes: tuple[Node, ...],
    draft: PassageDraft,
    leads: Sequence[Span],
    title: str,
    segmenter: Segmenter,
) -> Passage:
    start, end = draft.span.start, draft.span.end
    inner = text[start:end]
    header = text[draft.header.start : draft.header.end] if draft.header else ""
    headings = _heading_texts(text, nodes, draft.path, title)
    lead = "\n".join(text[span.start : span.end].strip() for span in leads)
    passage = Passage(number, 0, start, end, draft.kind, headings, inner, header, lead)
    return replace(passage, terms=_join_terms(passage, segmenter))


def _join_terms(passage: Passage, segmenter: Segmenter) -> str:
    above = f"{passage.lead}\n{passage.header}" if passage.kind == "row" else ""
    return " ".join(segmenter.terms(f"{above}\n{passage.text}"))


def retokenize(report: ParsedReport, segmenter: Segmenter) -> ParsedReport:
    """Return the report with the terms that a segmenter cuts its passages into."""
    passages = (replace(p, terms=_join_terms(p, segmenter)) for p in report.passages)
    return replace(report, passages=tuple(passages))


def _make_list(
    number: int, text: str, nodes: tuple[Node, ...], draft: ListDraft, report: CleanedReport
) -> ItemList:
    items = [nodes[i] for i in draft.items]
    path = [] if draft.parent is None else [draft.parent]
    while path and (parent := nodes[path[0]].parent) is not None:
        path.insert(0, parent)
    # Quote Markdown headings and bullets without their marks.
    starts = [n.title_start if n.style in ("markdown", "bullet") else n.start for n in items]
    ends = [n.start + len(text[n.start : n.end].rstrip()) for n in items]
    return ItemList(
        id=number,
        document=0,
        kind="headings" if all(n.kind == "heading" for n in items) else "items",
        headings=_heading_texts(text, nodes, tuple(path), report.title),
        intro=draft.intro,
        items=tuple(Span(a, b) for a, b in zip(starts, ends, strict=True)),
        labels=tuple(Span(n.title_start, n.title_end) for n in items),
        truncated=report.truncated and items[-1].close >= len(text.rstrip()),
    )


def _make_windows(
    text: str,
    drafts: list[PassageDraft],
    passages: tuple[Passage, ...],
    lists: tuple[ItemList, ...],
) -> list[Window]:
    """Return the windows of all passages, then one window for each list."""
    windows: list[Window] = []
    for index, draft in enumerate(drafts):
        own = passages[index]
        above = f"{own.lead} {own.header} ".lstrip() if own.kind == "row" else ""
        for span in find_windows(text, draft):
            encoded = _window_text(own.headings, above + text[span.start : span.end])
            number = len(windows)
            windows.append(Window(number, index, span.start, span.end, "text", text=encoded))
    for item_list in lists:
        first = item_list.intro or item_list.items[0]
        passage = next((p for p in passages if p.start >= first.start), None)
        if passage is None:
            continue
        labels = "、".join(text[s.start : s.end] for s in item_list.labels)
        intro = text[item_list.intro.start : item_list.intro.end] if item_list.intro else ""
        encoded = _window_text(item_list.headings, f"{intro[-_MAX_INTRO:]}{labels}")
        start, end = passage.start, passage.end
        windows.append(Window(len(windows), passage.id, start, end, "list", item_list.id, encoded))
    return windows


def _window_text(headings: tuple[str, ...], text: str) -> str:
    """Return what the encoder reads of a window: the last heading, then the window, folded."""
    return fold(f"{headings[-1]}：{text}" if headings else text)
