"""A question for what a chapter holds: the chapter's sections or items, in order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from indexer.store.catalogue import Catalogue
from indexer.structure.outline import Node, heading_path
from indexer.structure.passages import split_sentences
from indexer.text.fold import fold
from indexer.text.numerals import ONE_TO_TEN
from indexer.types import ItemList, Span
from qa.retrieval.windows import label_of

_PART = r"(?:一?(?:章|节|部分|小节|章节|篇|段))"
_TELLS = (
    r"(?:里面?|中)?(?:主要|都|分别|具体|一共|共)*(?:[讲说写谈论介绍述]+|涉及|包括|包含|有|分为?|由)(?:的|了|到)*(?:是)?(?:什么|哪些|哪几|几)"
    r"|(?:的)?(?:主要)?内容(?:是什么|有哪些)"
)
# “问题与对策”这一章讲了什么; 安全隐患一节包括哪些内容; 第三章讲了什么.
_ASKS_SECTION = re.compile(
    r"(?:[“”\"「『〈《'](?P<quoted>[^”\"」』〉》']{2,40})[”\"」』〉》'](?:这|那|该)?" + _PART + r"?"
    rf"|^(?:报告|本文|文中|文章)?的?(?P<number>第[{ONE_TO_TEN}\d]{{1,3}}[章节篇部]分?)"
    rf"|^(?:报告|本文|文中|文章)?的?(?P<named>[^,;。?“\"]{{2,20}}?)(?:这|那|该|(?=一[章节])){_PART})"
    rf"(?:{_TELLS})"
)
# So many of the reports that came near are looked through.
_REPORTS = 10
# A section without parts of its own is told by its paragraphs, up to this many.
_PARAGRAPHS, _FEW = 8, 2


@dataclass(frozen=True, slots=True)
class Section:
    """The parts of a section. title: by which the question called it, folded."""

    items: ItemList
    title: str


def section_title(question: str) -> str | None:
    """The title or number of the section that a folded question asks to be told of, if it does.

    >>> section_title("“问题与对策”这一章分别讲了什么?"), section_title("第三章讲了什么?")
    ('问题与对策', '第三章')
    """
    match = _ASKS_SECTION.search(question)
    return (match["quoted"] or match["number"] or match["named"]) if match else None


def asked_section(question: str, documents: Sequence[int], catalogue: Catalogue) -> Section | None:
    """The section that a folded question names, in the first of the reports that has it.

    Args:
        documents: the reports to look through, the nearest first.
    """
    title = section_title(question)
    if title is None:
        return None
    for document in list(dict.fromkeys(documents))[:_REPORTS]:
        nodes = catalogue.outline(document)
        at = next((i for i, node in enumerate(nodes) if _is_called(node, title)), None)
        if at is not None:
            text = catalogue.trail(document).text
            kind, items, labels = _parts(text, nodes, at)
            path = (*heading_path(nodes, max(nodes[at].start - 1, 0)), at)
            own = catalogue.document(document).title
            lines = (text[nodes[i].start : nodes[i].end].strip().strip("#").strip() for i in path)
            headings = tuple(dict.fromkeys(line for line in lines if line != own))
            if items:
                found = ItemList(-1, document, kind, headings, None, items, labels, False)
                return Section(found, title)
    return None


def _is_called(node: Node, title: str) -> bool:
    if node.kind != "heading":
        return False
    number = fold(node.number).strip("#.、 ")
    called = fold(node.title).strip()
    # A Markdown heading has its own number in its title: `## 4. 主要问题`.
    names = (called, fold(label_of(called)).strip(), number, f"{number}{called}")
    return title in names


def _parts(
    text: str, nodes: Sequence[Node], at: int
) -> tuple[str, tuple[Span, ...], tuple[Span, ...]]:
    """Kind, spans and labels of what is right below a heading: headings, or items, or paragraphs.

    A paragraph stands for itself where there are few, else by its first sentence.
    """
    below = [node for node in nodes if node.parent == at]
    for kind in ("heading", "item"):
        parts = [node for node in below if node.kind == kind]
        if len(parts) > 1 or (parts and kind == "heading"):
            spans = tuple(_stripped(text, n.start, n.end) for n in parts)
            return f"{kind}s", spans, tuple(Span(n.title_start, n.title_end) for n in parts)
    first, last = nodes[at].end, nodes[at].close
    lines = [
        _stripped(text, first + m.start(), first + m.end())
        for m in re.finditer(r"[^\n]*\S[^\n]*", text[first:last])
    ][:_PARAGRAPHS]
    if len(lines) > _FEW:
        lines = [_first_sentence(text, line) for line in lines]
    return "paragraphs", tuple(lines), tuple(lines)


def _first_sentence(text: str, line: Span) -> Span:
    first = split_sentences(text[line.start : line.end])[0]
    return Span(line.start, line.start + first.end)


def _stripped(text: str, start: int, end: int) -> Span:
    """A line without the space around it and the marks of a Markdown heading."""
    line = text[start:end]
    lead = len(line) - len(line.lstrip().lstrip("#").lstrip())
    return Span(start + lead, start + len(line.rstrip()))
