"""Draws a page of a report's file, in a process of its own.

PDFium may be used by one thread at a time, and reports are read in another one; and what a file of
a stranger makes it do, as to fill the memory, cannot be caught. A page takes a third of a second.
"""

from __future__ import annotations

import base64
import contextlib
import io
import json
import os
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from indexer.errors import YinjuError, message_of, verbatim
from indexer.messages import as_json, change_texts, from_json, message

from .highlight import HighlightBox, find_boxes

# The longer side of what is shown, in pixels: text is sharp in the panel at twice its width.
_SIDE = 1600
# A page may take so much. A picture of the largest size that is read takes 1.5 GB.
_MOST_BYTES = 2_500_000_000
_MOST_SECONDS = 30


@dataclass(frozen=True, slots=True)
class PageRequest:
    """A page, from 1, of a file of the format "pdf" or "image".

    text: what was read from it. spans: those of that text which are to be lit.
    """

    file: str
    format: str
    page: int
    text: str = ""
    spans: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class PageImage:
    """A page as a PNG of so many pixels; lit: None where the spans could not be found on it."""

    png: bytes
    width: int
    height: int
    lit: tuple[HighlightBox, ...] | None = ()


def draw(wanted: PageRequest) -> PageImage:
    """The page as a picture, in bounded time and memory.

    Raises:
        YinjuError: it cannot be drawn, or not within the bounds.
    """
    # -P: no module of the folder that we run in is taken for one of ours.
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "qa.web.page_image.draw"],
            input=json.dumps(asdict(wanted)).encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=_MOST_SECONDS,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
        )
        told = json.loads(done.stdout or "{}") if done.returncode == 0 else {}
    except (subprocess.TimeoutExpired, OSError, ValueError):
        told = {}
    if "png" not in told:
        reason = from_json(told["error"]) if "error" in told else message("found.undrawable")
        raise YinjuError(
            "question.page_not_shown", path=wanted.file, page=wanted.page, reason=reason
        )
    lit = told["lit"]
    return PageImage(
        png=base64.b64decode(told["png"]),
        width=told["width"],
        height=told["height"],
        lit=None if lit is None else tuple(HighlightBox(**box) for box in lit),
    )


def draw_in_process(wanted: PageRequest) -> PageImage:
    """The page as a picture, in this process.

    Raises:
        YinjuError: it cannot be drawn.
    """
    if wanted.format == "pdf":
        picture, lit = _pdf_page(wanted)
    else:
        # Where OCR found what it read is not kept.
        picture, lit = _picture(wanted), None if wanted.spans else ()
    picture.thumbnail((_SIDE, _SIDE))
    out = io.BytesIO()
    picture.convert("RGB").save(out, "PNG")
    width, height = picture.size
    return PageImage(out.getvalue(), width, height, lit)


def _pdf_page(wanted: PageRequest) -> tuple[Any, tuple[HighlightBox, ...] | None]:
    import pypdfium2 as pdfium

    try:
        with pdfium.PdfDocument(wanted.file) as document:
            page = document[wanted.page - 1]
            picture = page.render(scale=_SIDE / max(1.0, *page.get_size())).to_pil()
            return picture, find_boxes(page, wanted.text, wanted.spans) if wanted.spans else ()
    except pdfium.PdfiumError as error:
        raise YinjuError(verbatim(_on_one_line(error))) from error


def _picture(wanted: PageRequest) -> Any:
    from PIL import Image, ImageOps

    try:
        with Image.open(wanted.file) as picture:
            picture.seek(wanted.page - 1)
            return ImageOps.exif_transpose(picture.convert("RGB"))
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError) as error:
        raise YinjuError(change_texts(message_of(error), _on_one_line)) from error


def _on_one_line(text: object) -> str:
    return " ".join(str(text).split())


def _limit_memory() -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):  # not on every system
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MOST_BYTES, _MOST_BYTES))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _main() -> None:
    """Reads what is wanted from stdin and writes what was drawn to stdout."""
    told: dict[str, Any] = json.load(sys.stdin)
    _limit_memory()
    told["spans"] = tuple((start, end) for start, end in told["spans"])
    try:
        drawn = asdict(draw_in_process(PageRequest(**told)))
        drawn["png"] = base64.b64encode(drawn["png"]).decode()
    except YinjuError as error:
        drawn = {"error": as_json(error.message)}
    json.dump(drawn, sys.stdout)


if __name__ == "__main__":
    _main()
