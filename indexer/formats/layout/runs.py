"""Join the text fragments of a line that follow one another without a wide gap into runs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from .boxes import Fragment, Region, TextLine

# Two fragments of a line with a gap below this (in em, the font size) are one run of text. Gutters
# between columns are 1.5 em or more; the spaces of justified Latin text stay below 0.8.
_RUN_GAP = 0.8
# The least ratio of a heading's font size to that of the body text.
LARGER = 1.12
# The least ratio of a watermark's font size to that of the body text. Text this large belongs to no
# line of the body text.
LARGE = 2.0
# Characters that stand in a Chinese line without spaces around them.
CJK = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f“”‘’…—·]")


def common_size(regions: Iterable[Region | Fragment | TextLine]) -> float:
    """Return the font size of most characters, rounded to half a unit; 0.0 if no size is known."""
    sizes: Counter[float] = Counter()
    for region in regions:
        if region.size:
            sizes[round(region.size * 2) / 2] += len(region.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def join_runs(fragments: Sequence[Fragment]) -> list[Region]:
    """Join the fragments of each line that follow one another without a wide gap."""
    found: list[Region] = []
    body = common_size(fragments)
    large = [f for f in fragments if f.size >= LARGE * body]
    small = [f for f in fragments if f.size < LARGE * body]
    # Watermarks are grouped apart: they lie across lines that have other baselines.
    for row in (*_group_by_baseline(small), *_group_by_baseline(large)):
        current: list[Fragment] = []
        right = 0.0
        for fragment in sorted(row, key=lambda f: f.left):
            if current and fragment.left - right > _RUN_GAP * max(fragment.size, current[-1].size):
                found.append(_join_run(current))
                current, right = [], 0.0
            current.append(fragment)
            right = max(right, fragment.right)
        if current:
            found.append(_join_run(current))
    return [region for region in found if region.text]


def _group_by_baseline(fragments: Sequence[Fragment]) -> Iterator[list[Fragment]]:
    """Yield the fragments of each baseline; a superscript belongs to the line that it stands on."""
    row: list[Fragment] = []
    base = size = 0.0
    for fragment in sorted(fragments, key=lambda f: f.bottom):
        larger, smaller = max(size, fragment.size), min(size, fragment.size)
        reach = 0.3 * larger if smaller > 0.8 * larger else min(0.5 * larger, 0.9 * smaller)
        if row and fragment.bottom - base > reach:
            yield row
            row, size = [], 0.0
        row.append(fragment)
        if fragment.size > size:
            base, size = fragment.bottom, fragment.size
    if row:
        yield row


def _join_run(fragments: list[Fragment]) -> Region:
    text, right = "", fragments[0].left
    for fragment in fragments:
        gap = fragment.left - right
        text = join_text(text, fragment.text, gap / max(fragment.size, 0.1))
        right = max(right, fragment.right)
    longest = max(fragments, key=lambda f: len(f.text))
    bold = sum(len(f.text) for f in fragments if f.bold) * 2 > sum(len(f.text) for f in fragments)
    return Region(
        text.strip(" "),
        fragments[0].left,
        min(f.top for f in fragments),
        right,
        longest.bottom,
        longest.size,
        bold,
    )


def join_text(before: str, after: str, gap: float) -> str:
    """Join two runs of text, with a space between them where a person sees one.

    Args:
        before: the text on the left.
        after: the text on the right.
        gap: the distance between them, in em.
    """
    if not before or not after or before[-1] == " " or after[0] == " ":
        return before + after
    han = bool(CJK.match(before[-1])) + bool(CJK.match(after[0]))
    # A space between letters is 0.2 em or more. Justified lines spread ideographs apart, and most
    # programs add a gap between a letter and an ideograph.
    min_gap = (0.15, 0.4, 0.6)[han]
    return f"{before} {after}" if gap > min_gap else before + after
