"""The runs of a Word paragraph to the text that a reader sees, and what they refer to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from indexer.text.patterns import IDEOGRAPH

from .numbering import W

M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"

# What is not shown: properties, deleted and moved text, instructions of fields, comments.
_UNSHOWN = frozenset(
    [f"{W}{name}" for name in "rPr pPr del moveFrom instrText delText delInstrText sdtPr sdtEndPr"
     " rubyPr commentReference annotationRef footnoteRef endnoteRef fldData".split()]
    + [f"{M}{name}" for name in "ctrlPr fPr sSupPr sSubPr sSubSupPr radPr naryPr dPr rPr".split()]
)  # fmt: skip
_SIGNS = {
    f"{W}tab": "\t",
    f"{W}ptab": "\t",
    f"{W}br": "\n",
    f"{W}cr": "\n",
    f"{W}noBreakHyphen": "-",
}
# Signs of Word's own fonts that say something; its other ones are ornament.
_SYMBOLS = {0xFC: "√", 0xFE: "☑", 0xA8: "☐", 0xA3: "☐", 0x52: "☑", 0xFB: "×", 0xFD: "☒", 0x78: "☒"}
_CONTENTS = re.compile(r"\s*TOC\b")
_NOTES = {f"{W}footnoteReference": "注", f"{W}endnoteReference": "尾注"}


@dataclass(slots=True)
class Story:
    """What goes on from one paragraph to the next: fields, and how many notes there were.

    fields: of each open field whether its result has begun. told: (kind, id): the note's number.
    counted: how many of a kind there were.
    """

    fields: list[bool] = field(default_factory=list)
    contents: int | None = None  # how many fields are open outside a table of contents
    told: dict[tuple[str, str], int] = field(default_factory=dict)
    counted: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Text:
    """A paragraph's text, the notes that it refers to, its text boxes and page breaks.

    notes: (kind, id). breaks: where in the text a page began when the file was saved.
    """

    text: str = ""
    notes: list[tuple[str, str]] = field(default_factory=list)
    boxes: list[Any] = field(default_factory=list)
    breaks: list[int] = field(default_factory=list)


def note_mark(kind: str, number: int) -> str:
    """How a note is referred to in the text, and what its own line begins with.

    In words, since [1] is what a list of literature, and a citation of an answer, is numbered by.
    """
    return f"[{kind}{number}]"


def paragraph_text(paragraph: Any, story: Story) -> Text:
    """The text of a paragraph, without its automatic number."""
    # An instruction ends in its own paragraph, unless the file is damaged.
    story.fields = [begun for begun in story.fields if begun]
    found = Text()
    pieces: list[str] = []
    length = 0
    for part in _parts(paragraph, story, found):
        if part is None:
            found.breaks.append(length)
        else:
            pieces.append(part)
            length += len(part)
    found.text = "".join(pieces)
    return found


def _parts(element: Any, story: Story, found: Text) -> Iterator[str | None]:
    """Pieces of text; None where a page begins."""
    for child in element.iterchildren():
        tag = child.tag
        if tag == f"{W}instrText":
            _instruction(child.text or "", story)
        if not isinstance(tag, str) or tag in _UNSHOWN:
            continue
        if tag == f"{W}fldChar":
            _field(child, story)
        elif tag == f"{W}txbxContent":
            found.boxes.append(child)
        elif tag == f"{W}r":
            if not _is_vanished(child):
                yield from _parts(child, story, found)
        elif not all(story.fields):
            yield from _parts(child, story, found)  # an instruction; only its fields count
        elif tag in (f"{W}t", f"{M}t"):
            yield child.text or ""
        elif tag in _SIGNS:
            yield _SIGNS[tag] if child.get(f"{W}type") != "page" else ""
        elif tag == f"{W}lastRenderedPageBreak":
            yield None
        elif tag == f"{W}sym":
            yield _symbol(child)
        elif tag in _NOTES:
            yield _note(child, _NOTES[tag], story, found)
        elif tag == f"{W}sdt" and child.find(f"{W}sdtPr/{W}showingPlcHdr") is not None:
            continue
        elif tag == f"{MC}AlternateContent":
            chosen = child.find(f"{MC}Choice")
            chosen = chosen if chosen is not None else child.find(f"{MC}Fallback")
            if chosen is not None:
                yield from _parts(chosen, story, found)
        elif tag == f"{W}ruby":
            yield from _ruby(child, story, found)
        elif tag.startswith(M):
            yield from _math(child, story, found)
        else:
            yield from _parts(child, story, found)


def _field(mark: Any, story: Story) -> None:
    kind = mark.get(f"{W}fldCharType")
    if kind == "begin":
        story.fields.append(False)
    elif kind == "separate" and story.fields:
        story.fields[-1] = True
    elif kind == "end" and story.fields:
        story.fields.pop()
        if story.contents is not None and len(story.fields) <= story.contents:
            story.contents = None


def _instruction(text: str, story: Story) -> None:
    if story.contents is None and story.fields and _CONTENTS.match(text):
        story.contents = len(story.fields) - 1


def _is_vanished(run: Any) -> bool:
    vanish = run.find(f"{W}rPr/{W}vanish")
    return vanish is not None and vanish.get(f"{W}val") not in ("0", "false")


def _symbol(symbol: Any) -> str:
    code = symbol.get(f"{W}char") or ""
    if not re.fullmatch(r"[0-9A-Fa-f]{1,5}", code):
        return ""
    number = int(code, 16)
    if "wingdings" in (symbol.get(f"{W}font") or "").lower():
        return _SYMBOLS.get(number & 0xFF, "")
    return chr(number) if not 0xD800 <= number <= 0xF8FF else ""


def _note(reference: Any, kind: str, story: Story, found: Text) -> str:
    key = (kind, reference.get(f"{W}id") or "")
    if key not in story.told:
        story.counted[kind] = story.counted.get(kind, 0) + 1
        story.told[key] = story.counted[kind]
        found.notes.append(key)
    return note_mark(kind, story.told[key])


def _ruby(ruby: Any, story: Story, found: Text) -> Iterator[str | None]:
    """The words; what stands above them only where it is more than how they are read."""
    base, above = ruby.find(f"{W}rubyBase"), ruby.find(f"{W}rt")
    if base is not None:
        yield from _parts(base, story, found)
    words = "".join(above.itertext()) if above is not None else ""
    if IDEOGRAPH.search(words):
        yield f"({words})"


# Between the parts of a formula: a fraction on one line is a/b, and x squared x^2.
_BETWEEN = {f"{M}den": "/", f"{M}sup": "^", f"{M}sub": "_"}


def _math(element: Any, story: Story, found: Text) -> Iterator[str | None]:
    inner = [part for part in _parts(element, story, found) if part is not None]
    told = "".join(inner)
    if not told:
        return
    between = _BETWEEN.get(element.tag, "")
    group = len(told) > 1 and not told.isalnum() and element.tag in (*_BETWEEN, f"{M}num")
    told = f"({told})" if group else told
    yield f"√({told})" if element.tag == f"{M}rad" else between + told
