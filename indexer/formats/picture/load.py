"""Load a scan or photograph of a page, or a TIFF with many pages, by OCR."""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from indexer.config import Limits, beyond_limit
from indexer.document import LoadedFile, LoadedFileBuilder
from indexer.errors import YinjuError
from indexer.formats.layout.arrange import arrange
from indexer.formats.layout.boxes import Fragment
from indexer.messages import Message, message

from .ocr import DOUBTFUL, Reading, open_reader

if TYPE_CHECKING:
    from PIL import Image

# A sheet of A3 at 600 dpi has 70 million pixels; a decompression bomb of a few KB has billions.
MAX_PIXELS = 150_000_000
# Below this mean score more than half of the characters were wrong: nothing can be quoted.
_MIN_SCORE = 0.6
# A picture whose height is more than the first number times its width, as a screenshot of a whole
# web page, is read in strips whose height is the second number times the width. Shrunk as a whole,
# its text would become illegible.
_STRIP_RATIO, _STRIP_HEIGHT = 2.5, 1.5
# Formats of pixels only; for PostScript, Pillow would start Ghostscript.
_FORMATS = ("PNG", "JPEG", "TIFF", "BMP", "WEBP")
# What Pillow raises for broken files of these formats.
_PILLOW_ERRORS = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    EOFError,
    LookupError,
    OverflowError,
    struct.error,
    zlib.error,
)


def load_picture(path: Path, data: bytes, limits: Limits) -> LoadedFile:
    """Load a picture by OCR; each image of a TIFF is a page.

    Raises:
        YinjuError: it is no picture, is broken, too large, unreadable, or OCR is not installed.
    """
    if not data:
        raise YinjuError("file.empty_picture", path=path)
    # Open the reader first: where OCR is missing, the error must come before the picture is decoded.
    read = open_reader(path)
    builder = LoadedFileBuilder()
    readings = []
    for image in _iterate_images(path, data, limits):
        builder.start_page()
        reading = _read_strips(image, read)
        readings.append(reading)
        height = image.shape[reading.rotation % 180 // 90]
        for line in arrange(reading.fragments, height=float(height)):
            builder.add_line(line.text)
    _refuse_unreadable(path, readings)
    loaded = builder.build("image", None, None)
    return LoadedFile(
        loaded.text, loaded.format, pages=loaded.pages, problems=tuple(_find_problems(readings))
    )


def _refuse_unreadable(path: Path, readings: list[Reading]) -> None:
    sizes = [sum(len(fragment.text) for fragment in reading.fragments) for reading in readings]
    if not sum(sizes):
        return  # `load` says that it holds no text
    score = sum(r.score * n for r, n in zip(readings, sizes, strict=True)) / sum(sizes)
    if score < _MIN_SCORE:
        raise YinjuError("file.illegible", path=path, score=score, least=_MIN_SCORE)


def _find_problems(readings: list[Reading]) -> Iterator[Message]:
    yield message("problem.scanned")
    for number, reading in enumerate(readings, 1):
        if reading.doubtful_count:
            score, worst = min(
                zip(reading.scores, reading.fragments, strict=True), key=lambda scored: scored[0]
            )
            values = {
                "doubtful": reading.doubtful_count,
                "lines": len(reading.fragments),
                "least": DOUBTFUL,
                "score": float(score),
                "text": worst.text[:40],
            }
            if len(readings) > 1:
                yield message("problem.doubtful_page", page=number, **values)
            else:
                yield message("problem.doubtful", **values)


def _iterate_images(path: Path, data: bytes, limits: Limits) -> Iterator[NDArray[np.uint8]]:
    """Yield the picture, or each image of a TIFF, upright and in RGB.

    Raises:
        YinjuError: it is no picture, is broken or beyond a limit.
    """
    from PIL import Image

    with _convert_pillow_errors(path):
        picture = Image.open(io.BytesIO(data), formats=_FORMATS)
    with picture:
        with _convert_pillow_errors(path):
            # Further images of other formats are thumbnails or frames of an animation.
            count = getattr(picture, "n_frames", 1) if picture.format == "TIFF" else 1
        if count > limits.pages:
            raise beyond_limit(path, "pages", message("size.pictures", count=count), limits.pages)
        for number in range(count):
            with _convert_pillow_errors(path):
                picture.seek(number)
                _refuse_bomb(path, picture.size)
                pixels = _read_pixels(picture)
            yield pixels


@contextmanager
def _convert_pillow_errors(path: Path) -> Iterator[None]:
    """Convert what Pillow raises to a YinjuError."""
    from PIL import Image, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            # Pillow's warnings, for instance about odd metadata, do not help the user.
            warnings.simplefilter("ignore")
            yield
    except Image.DecompressionBombError as error:
        raise _too_large(path, message("size.unknown_pixels")) from error
    except UnidentifiedImageError as error:
        raise YinjuError("file.not_picture", path=path) from error
    except _PILLOW_ERRORS as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        raise YinjuError("file.broken_picture", path=path, reason=reason) from error


def _refuse_bomb(path: Path, size: tuple[int, int]) -> None:
    if size[0] * size[1] > MAX_PIXELS:
        raise _too_large(path, message("size.pixels", width=size[0], height=size[1]))


def _too_large(path: Path, found: Message) -> YinjuError:
    limit = MAX_PIXELS // 10**6
    return YinjuError("file.too_many_pixels", path=path, found=found, limit=limit)


def _read_pixels(picture: Image.Image) -> NDArray[np.uint8]:
    """Return the pixels in RGB, shape (height, width, 3).

    The picture is rotated as its metadata says; what is transparent is put on white.
    """
    from PIL import Image, ImageOps

    upright = ImageOps.exif_transpose(picture)
    if upright.mode[0] in "IF":
        # 16 bits or more a pixel: scale them, because Pillow would clip them at 255.
        values = np.asarray(upright, dtype=np.float64)
        top = 65535.0 if upright.mode != "F" else float(values.max()) or 1.0
        if values.size and values.max() <= 255:
            top = 255.0
        grey = (values.clip(0, top) * (255 / top)).astype(np.uint8)
        return np.repeat(grey[:, :, None], 3, axis=2)
    if "transparency" in upright.info or "A" in upright.getbands():
        layer = upright.convert("RGBA")
        background = Image.new("RGBA", layer.size, "white")
        upright = Image.alpha_composite(background, layer)
    return np.asarray(upright.convert("RGB"))


def _read_strips(image: NDArray[np.uint8], read: Callable[[NDArray[np.uint8]], Reading]) -> Reading:
    """Read a picture; a very long one in strips that are cut between lines of text."""
    height, width = image.shape[:2]
    if height <= _STRIP_RATIO * width:
        return read(image)
    fragments: list[Fragment] = []
    scores: list[float] = []
    cuts = _find_cuts(image, round(_STRIP_HEIGHT * width))
    for top, end in zip([0, *cuts], [*cuts, height], strict=True):
        strip = read(image[top:end])
        scores += strip.scores
        fragments += (
            Fragment(f.text, f.left, f.top + top, f.right, f.bottom + top, f.size)
            for f in strip.fragments
        )
    return Reading(tuple(fragments), tuple(scores))


def _find_cuts(image: NDArray[np.uint8], step: int) -> list[int]:
    """Return the rows to cut at, about `step` apart: the most even row in each strip's last third."""
    height = len(image)
    cuts: list[int] = []
    top = 0
    while height - top > step * 4 // 3:
        first = top + step * 2 // 3
        unevenness = image[first : top + step].astype(np.float32).std(axis=1).sum(axis=1)
        # Of equally even rows, take the middle one: it is furthest from the text on both sides.
        even = np.flatnonzero(unevenness <= unevenness.min() + 1)
        top = first + int(even[len(even) // 2])
        cuts.append(top)
    return cuts
