"""A question about what a chapter says: its sections, items or paragraphs, in order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from indexer.store.catalogue import Catalogue
from indexer.structure.outline import Node, heading_path
from indexer.structure.passages import split_sentences
from indexer.text.fold import fold
from indexer.text.numerals import ONE_TO_TEN, parse_numeral
from indexer.types import ItemList, Span
from qa.retrieval.windows import read_item_title

_PART = r"(?:一?(?:章|节|部分|小节|章节|篇|段))"
_TELLS = (
    r"(?:里面?|中)?(?:主要|都|分别|具体|一共|共)*(?:[讲说写谈论介绍述]+|规定|要求|约定|涉及|包括|包含|有|分为?|由)"
    r"(?:的|了|到)*(?:是)?(?:什么|哪些|哪几|几)"
    r"|(?:里面?|中)?(?:是)?怎么(?:[讲说写]|规定|要求)"
    r"|(?:的)?(?:主要)?内容(?:是什么|有哪些)"
)
# The number of a chapter, section or article.
_NUMBERED = rf"第[{ONE_TO_TEN}百零\d]{{1,5}}(?:[章节篇条]|部分?)|\d{{1,2}}(?:\.\d{{1,2}}){{1,4}}(?:节|条|款|小节|部分)?"
_ARTICLE = re.compile(rf"第[{ONE_TO_TEN}百零\d]{{1,5}}条")
# “问题与对策”这一章讲了什么; 安全隐患一节包括哪些内容; 第三章讲了什么.
_ASKS_SECTION = re.compile(
    r"(?:[“”\"「『〈《'](?P<quoted>[^”\"」』〉》']{2,40})[”\"」』〉》'](?:这|那|该)?" + _PART + r"?"
    rf"|^[^,;。?]{{0,30}}?(?P<number>{_NUMBERED})"
    rf"|^(?:报告|本文|文中|文章)?的?(?P<named>[^,;。?“\"]{{2,20}}?)(?:这|那|该|(?=一[章节])){_PART})"
    rf"(?:{_TELLS})"
)
# Its parts: 第, numeral and unit, or the points of 2.2.1.
_NUMERAL = re.compile(
    rf"第(?P<value>[{ONE_TO_TEN}百零\d]+)(?P<unit>[章节篇条部])|(?P<dotted>\d+(?:\.\d+)+)"
)
# How many of the nearest reports are searched for the section.
_REPORTS = 10
# A section without parts of its own is quoted by its paragraphs, up to this many; by their first
# sentences if there are more than a few.
_PARAGRAPHS, _FEW = 8, 2


@dataclass(frozen=True, slots=True)
class Section:
    """A section that a question names."""

    items: ItemList
    """Its parts."""
    title: str
    """What the question calls it, folded."""
    numbered: bool
    """Whether the question gives its number."""


def find_section_title(question: str) -> str | None:
    """Return the title or number of the section that a folded question asks about; None if none.

    >>> find_section_title("“问题与对策”这一章分别讲了什么?"), find_section_title("第三章讲了什么?")
    ('问题与对策', '第三章')
    """
    match = _ASKS_SECTION.search(question)
    return (match["quoted"] or match["number"] or match["named"]) if match else None


def find_asked_section(
    question: str, documents: Sequence[int], catalogue: Catalogue
) -> Section | None:
    """Return the section that a folded question names, from the first report that has it.

    Args:
        documents: the ids of the reports to search, the nearest first; they may repeat.
    """
    title = find_section_title(question)
    if title is None:
        return None
    for document in list(dict.fromkeys(documents))[:_REPORTS]:
        nodes = catalogue.outline(document)
        at = next((i for i, node in enumerate(nodes) if _has_title(node, title)), None)
        if at is not None:
            text = catalogue.trail(document).text
            kind, items, labels = _find_parts(text, nodes, at)
            path = (*heading_path(nodes, max(nodes[at].start - 1, 0)), at)
            own = catalogue.document(document).title
            lines = (text[nodes[i].start : nodes[i].end].strip().strip("#").strip() for i in path)
            headings = tuple(dict.fromkeys(line for line in lines if line != own))
            if items:
                found = ItemList(-1, document, kind, headings, None, items, labels, False)
                return Section(found, title, bool(re.fullmatch(_NUMBERED, title)))
    return None


def names_missing_article(question: str, documents: Sequence[int], catalogue: Catalogue) -> bool:
    """Return whether a folded question names an article, 第十二条, that none of its reports has.

    Args:
        documents: the ids of the reports to search, the nearest first; they may repeat.
    """
    match = _ARTICLE.search(question)
    if not match:
        return False
    return not any(
        any(_has_number(node, match.group()) for node in catalogue.outline(document))
        or match.group() in fold(catalogue.trail(document).text)
        for document in list(dict.fromkeys(documents))[:_REPORTS]
    )


def _has_number(node: Node, number: str) -> bool:
    """Return whether a node has a number, in whichever numerals: 第3条 is 第三条, 2.2.1节 is 2.2.1."""
    own, wanted = (_NUMERAL.search(fold(text)) for text in (node.number, number))
    if own is None or wanted is None or own["unit"] != wanted["unit"]:
        return False
    if own["dotted"] or wanted["dotted"]:
        return own["dotted"] == wanted["dotted"]
    return parse_numeral(own["value"]) == parse_numeral(wanted["value"])


def _has_title(node: Node, title: str) -> bool:
    """Return whether a folded title, or a number, is that of a heading or an article."""
    if re.fullmatch(_NUMBERED, title) and _has_number(node, title):
        return True
    if node.kind != "heading":
        return False
    number = fold(node.number).strip("#.、 ")
    called = fold(node.title).strip()
    # A Markdown heading has its own number in its title: `## 4. 主要问题`.
    names = (called, fold(read_item_title(called)).strip(), number, f"{number}{called}")
    return title in names


def _find_parts(
    text: str, nodes: Sequence[Node], at: int
) -> tuple[str, tuple[Span, ...], tuple[Span, ...]]:
    """Return kind, spans and labels of what is right below a heading.

    These are headings, else items, else paragraphs; of more than a few paragraphs the first
    sentences.

    Args:
        at: the index of the heading.
    """
    below = [node for node in nodes if node.parent == at]
    if nodes[at].kind == "item":
        spans = tuple(_strip_line(text, n.start, n.end) for n in (nodes[at], *below))
        return "paragraphs", spans, spans
    for kind in ("heading", "item"):
        parts = [node for node in below if node.kind == kind]
        if len(parts) > 1 or (parts and kind == "heading"):
            spans = tuple(_strip_line(text, n.start, n.end) for n in parts)
            return f"{kind}s", spans, tuple(Span(n.title_start, n.title_end) for n in parts)
    first, last = nodes[at].end, nodes[at].close
    lines = [
        _strip_line(text, first + m.start(), first + m.end())
        for m in re.finditer(r"[^\n]*\S[^\n]*", text[first:last])
    ][:_PARAGRAPHS]
    if len(lines) > _FEW:
        lines = [_find_first_sentence(text, line) for line in lines]
    return "paragraphs", tuple(lines), tuple(lines)


def _find_first_sentence(text: str, line: Span) -> Span:
    first = split_sentences(text[line.start : line.end])[0]
    return Span(line.start, line.start + first.end)


def _strip_line(text: str, start: int, end: int) -> Span:
    """Return a line without the space around it and the marks of a Markdown heading."""
    line = text[start:end]
    indent = len(line) - len(line.lstrip().lstrip("#").lstrip())
    return Span(start + indent, start + len(line.rstrip()))
