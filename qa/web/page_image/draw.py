"""Draw a page of a report's file as an image, in a process of its own.

PDFium may be used by one thread at a time, and another thread may be reading reports. Also, a hostile
file can make PDFium fill the memory, which cannot be caught in this process. A page takes a third of
a second.
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

# The longer side of the image, in pixels: twice the width of the panel, for sharp text.
_SIDE = 1600
# The memory and time for a page. A picture of the largest size that is read takes 1.5 GB.
_MAX_BYTES = 2_500_000_000
_MAX_SECONDS = 30


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which page to draw, and what to highlight on it."""

    file: str
    """The path of the file."""
    format: str
    """"pdf" or "image"."""
    page: int
    """The number of the page, from 1."""
    text: str = ""
    """The raw text of the page, as it was read when the file was indexed."""
    spans: tuple[tuple[int, int], ...] = ()
    """The (start, end) within `text` that are to be highlighted."""


@dataclass(frozen=True, slots=True)
class PageImage:
    """A page as an image."""

    png: bytes
    width: int
    """In pixels."""
    height: int
    """In pixels."""
    boxes: tuple[HighlightBox, ...] | None = ()
    """Over the spans that are highlighted; None if they could not be found on the page."""


def draw_page(request: PageRequest) -> PageImage:
    """Draw a page in another process, within bounds of time and memory.

    Raises:
        YinjuError: the page cannot be drawn, or not within the bounds.
    """
    # -P: import no module from the working directory.
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "qa.web.page_image.draw"],
            input=json.dumps(asdict(request)).encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=_MAX_SECONDS,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
        )
        reply = json.loads(done.stdout or "{}") if done.returncode == 0 else {}
    except (subprocess.TimeoutExpired, OSError, ValueError):
        reply = {}
    if "png" not in reply:
        reason = from_json(reply["error"]) if "error" in reply else message("found.undrawable")
        raise YinjuError(
            "question.page_not_shown", path=request.file, page=request.page, reason=reason
        )
    boxes = reply["boxes"]
    return PageImage(
        png=base64.b64decode(reply["png"]),
        width=reply["width"],
        height=reply["height"],
        boxes=None if boxes is None else tuple(HighlightBox(**box) for box in boxes),
    )


def draw_in_process(request: PageRequest) -> PageImage:
    """Draw a page in this process.

    Raises:
        YinjuError: the page cannot be drawn.
    """
    if request.format == "pdf":
        picture, boxes = _draw_pdf_page(request)
    else:
        # The places where OCR found the text are not stored.
        picture, boxes = _open_picture(request), None if request.spans else ()
    picture.thumbnail((_SIDE, _SIDE))
    out = io.BytesIO()
    picture.convert("RGB").save(out, "PNG")
    width, height = picture.size
    return PageImage(out.getvalue(), width, height, boxes)


def _draw_pdf_page(request: PageRequest) -> tuple[Any, tuple[HighlightBox, ...] | None]:
    import pypdfium2 as pdfium

    try:
        with pdfium.PdfDocument(request.file) as document:
            page = document[request.page - 1]
            picture = page.render(scale=_SIDE / max(1.0, *page.get_size())).to_pil()
            return picture, find_boxes(page, request.text, request.spans) if request.spans else ()
    except pdfium.PdfiumError as error:
        raise YinjuError(verbatim(_on_one_line(error))) from error


def _open_picture(request: PageRequest) -> Any:
    from PIL import Image, ImageOps

    try:
        with Image.open(request.file) as picture:
            picture.seek(request.page - 1)
            return ImageOps.exif_transpose(picture.convert("RGB"))
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError) as error:
        raise YinjuError(change_texts(message_of(error), _on_one_line)) from error


def _on_one_line(text: object) -> str:
    return " ".join(str(text).split())


def _limit_memory() -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):  # not on every system
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MAX_BYTES, _MAX_BYTES))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _main() -> None:
    """Read a `PageRequest` as JSON from stdin; write a `PageImage` or an error as JSON to stdout."""
    fields: dict[str, Any] = json.load(sys.stdin)
    _limit_memory()
    fields["spans"] = tuple((start, end) for start, end in fields["spans"])
    try:
        reply = asdict(draw_in_process(PageRequest(**fields)))
        reply["png"] = base64.b64encode(reply["png"]).decode()
    except YinjuError as error:
        reply = {"error": as_json(error.message)}
    json.dump(reply, sys.stdout)


if __name__ == "__main__":
    _main()
