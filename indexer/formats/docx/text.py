"""Read a Word paragraph: the text that a reader sees, and the notes that it refers to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from indexer.text.patterns import IDEOGRAPH

from .numbering import W

M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"

# Elements that are not shown: properties, deleted and moved text, field instructions, comments.
_HIDDEN_TAGS = frozenset(
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
# Characters of the Wingdings fonts that have a meaning; the others are ornament.
_SYMBOLS = {0xFC: "√", 0xFE: "☑", 0xA8: "☐", 0xA3: "☐", 0x52: "☑", 0xFB: "×", 0xFD: "☒", 0x78: "☒"}
_CONTENTS = re.compile(r"\s*TOC\b")
_NOTES = {f"{W}footnoteReference": "注", f"{W}endnoteReference": "尾注"}


@dataclass(slots=True)
class DocumentState:
    """What is carried over from one paragraph to the next: open fields and numbers of notes."""

    fields: list[bool] = field(default_factory=list)
    """For each open field whether its result has begun."""
    contents_depth: int | None = None
    """How many fields are open outside of the open table of contents; None if none is open."""
    note_numbers: dict[tuple[str, str], int] = field(default_factory=dict)
    """The number of each note, by (kind, id)."""
    note_counts: dict[str, int] = field(default_factory=dict)
    """How many notes of each kind there were."""


@dataclass(slots=True)
class ParagraphText:
    """A paragraph's text with what it refers to and contains."""

    text: str = ""
    notes: list[tuple[str, str]] = field(default_factory=list)
    """The notes that it refers to for the first time: (kind, id)."""
    boxes: list[Any] = field(default_factory=list)
    """Its text boxes."""
    breaks: list[int] = field(default_factory=list)
    """Where in the text a page began when the file was saved."""


def format_note_mark(kind: str, number: int) -> str:
    """Return the mark of a note in the text and at the beginning of the note's own line.

    It has a word, as in [注1], because [1] numbers the literature and the citations of an answer.
    """
    return f"[{kind}{number}]"


def read_paragraph(paragraph: Any, state: DocumentState) -> ParagraphText:
    """Read the text of a paragraph, without its automatic number."""
    # A field's instruction ends in its own paragraph, unless the file is damaged.
    state.fields = [begun for begun in state.fields if begun]
    found = ParagraphText()
    pieces: list[str] = []
    length = 0
    for part in _read_parts(paragraph, state, found):
        if part is None:
            found.breaks.append(length)
        else:
            pieces.append(part)
            length += len(part)
    found.text = "".join(pieces)
    return found


def _read_parts(element: Any, state: DocumentState, found: ParagraphText) -> Iterator[str | None]:
    """Yield the pieces of an element's text, and None where a page begins."""
    for child in element.iterchildren():
        tag = child.tag
        if tag == f"{W}instrText":
            _read_instruction(child.text or "", state)
        if not isinstance(tag, str) or tag in _HIDDEN_TAGS:
            continue
        if tag == f"{W}fldChar":
            _read_field_mark(child, state)
        elif tag == f"{W}txbxContent":
            found.boxes.append(child)
        elif tag == f"{W}r":
            if not _is_vanished(child):
                yield from _read_parts(child, state, found)
        elif not all(state.fields):
            yield from _read_parts(child, state, found)  # an instruction: only read its fields
        elif tag in (f"{W}t", f"{M}t"):
            yield child.text or ""
        elif tag in _SIGNS:
            yield _SIGNS[tag] if child.get(f"{W}type") != "page" else ""
        elif tag == f"{W}lastRenderedPageBreak":
            yield None
        elif tag == f"{W}sym":
            yield _read_symbol(child)
        elif tag in _NOTES:
            yield _read_note(child, _NOTES[tag], state, found)
        elif tag == f"{W}sdt" and child.find(f"{W}sdtPr/{W}showingPlcHdr") is not None:
            continue
        elif tag == f"{MC}AlternateContent":
            chosen = child.find(f"{MC}Choice")
            chosen = chosen if chosen is not None else child.find(f"{MC}Fallback")
            if chosen is not None:
                yield from _read_parts(chosen, state, found)
        elif tag == f"{W}ruby":
            yield from _read_ruby(child, state, found)
        elif tag.startswith(M):
            yield from _read_math(child, state, found)
        else:
            yield from _read_parts(child, state, found)


def _read_field_mark(mark: Any, state: DocumentState) -> None:
    kind = mark.get(f"{W}fldCharType")
    if kind == "begin":
        state.fields.append(False)
    elif kind == "separate" and state.fields:
        state.fields[-1] = True
    elif kind == "end" and state.fields:
        state.fields.pop()
        if state.contents_depth is not None and len(state.fields) <= state.contents_depth:
            state.contents_depth = None


def _read_instruction(text: str, state: DocumentState) -> None:
    if state.contents_depth is None and state.fields and _CONTENTS.match(text):
        state.contents_depth = len(state.fields) - 1


def _is_vanished(run: Any) -> bool:
    vanish = run.find(f"{W}rPr/{W}vanish")
    return vanish is not None and vanish.get(f"{W}val") not in ("0", "false")


def _read_symbol(symbol: Any) -> str:
    code = symbol.get(f"{W}char") or ""
    if not re.fullmatch(r"[0-9A-Fa-f]{1,5}", code):
        return ""
    number = int(code, 16)
    if "wingdings" in (symbol.get(f"{W}font") or "").lower():
        return _SYMBOLS.get(number & 0xFF, "")
    return chr(number) if not 0xD800 <= number <= 0xF8FF else ""


def _read_note(reference: Any, kind: str, state: DocumentState, found: ParagraphText) -> str:
    key = (kind, reference.get(f"{W}id") or "")
    if key not in state.note_numbers:
        state.note_counts[kind] = state.note_counts.get(kind, 0) + 1
        state.note_numbers[key] = state.note_counts[kind]
        found.notes.append(key)
    return format_note_mark(kind, state.note_numbers[key])


def _read_ruby(ruby: Any, state: DocumentState, found: ParagraphText) -> Iterator[str | None]:
    """Yield the words, then the text above them if it is more than their pronunciation."""
    base, above = ruby.find(f"{W}rubyBase"), ruby.find(f"{W}rt")
    if base is not None:
        yield from _read_parts(base, state, found)
    words = "".join(above.itertext()) if above is not None else ""
    if IDEOGRAPH.search(words):
        yield f"({words})"


# Written before the parts of a formula: a fraction on one line is a/b, and x squared is x^2.
_OPERATORS = {f"{M}den": "/", f"{M}sup": "^", f"{M}sub": "_"}


def _read_math(element: Any, state: DocumentState, found: ParagraphText) -> Iterator[str | None]:
    inner = [part for part in _read_parts(element, state, found) if part is not None]
    text = "".join(inner)
    if not text:
        return
    operator = _OPERATORS.get(element.tag, "")
    group = len(text) > 1 and not text.isalnum() and element.tag in (*_OPERATORS, f"{M}num")
    text = f"({text})" if group else text
    if element.tag == f"{M}rad":
        yield f"√({text})"
    elif element.tag == f"{M}nary":  # ∑, ∏ or, where the file names none, ∫
        yield _property(element, "naryPr", "chr", "∫") + text
    elif element.tag == f"{M}d":
        before, behind = (
            _property(element, "dPr", *of) for of in (("begChr", "("), ("endChr", ")"))
        )
        yield before + text + behind
    else:
        yield operator + text


def _property(element: Any, properties: str, name: str, default: str) -> str:
    """Return a sign that a part of a formula has as a property; it may be empty."""
    found = element.find(f"{M}{properties}/{M}{name}")
    return default if found is None else str(found.get(f"{M}val", ""))
