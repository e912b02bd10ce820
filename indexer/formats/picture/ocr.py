"""Read the text of a picture of a page by OCR, with an offline engine that is an optional extra.

The engine is rapidocr with the PP-OCRv6 models in its wheel. Of the 4,225 characters of a report of
six pages, rasterised at 200 dpi, it reads 2 wrong; at 120 dpi, turned by 0.7 degrees, with noise
and at JPEG quality 60 none (apart from the width of brackets). rapidocr-onnxruntime 1.4.4 has half
the size, reads 1.2 % and 0.3 % wrong, depends on the OpenCV build that needs a window system, and
does not support Python 3.13. A page takes 1 to 2 seconds on 2 cores.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.errors import YinjuError
from indexer.formats.layout.boxes import Fragment
from indexer.text.patterns import IDEOGRAPH

Image = NDArray[np.uint8]
# Takes a picture in BGR; returns an object with boxes, shape (n, 4, 2), txts and scores, each of
# which may be None.
Engine = Callable[[Image], Any]
INSTALL = "pip install 'yinju[ocr]'"

# With explicit paths the engine does not download a model that is missing or damaged.
_MODELS = {
    "Det": "PP-OCRv6_det_small.onnx",
    "Cls": "ch_ppocr_mobile_v2.0_cls_mobile.onnx",
    "Rec": "PP-OCRv6_rec_small.onnx",
}
# The long side of the picture that is read, in pixels. Type of 8 px is read without an error, and a
# page of 2,000 px is read as well as one of 3,500 px, in half the time. Small type on a large sheet
# needs a second pass with more pixels.
_LONG_SIDE, _SECOND_PASS_SIDE = 2000, 4000
# A fragment with a lower score is doubtful. On bad scans the share of wrong characters was 1 % in
# fragments with a score from 0.95, 7 % from 0.9, 16 % from 0.85 and 70 % below 0.5.
DOUBTFUL = 0.9
# A page that is upside down scores 0.65; the same page upright scores 0.99.
_MIN_UPRIGHT_SCORE = 0.8
# A fragment whose height is this many times its width is a line on its side, or a column of
# characters.
_TALL_RATIO = 1.5
# Lines whose width is at least this many times their height show by how much a page is askew.
_LONG_RATIO = 8
# Boxes are a little higher than their font size. Lines with this many ideographs show by how much.
_MIN_IDEOGRAPHS = 8
# Boxes of one font size differ by up to this share in height from line to line; boxes of one to
# seven characters, as the last line of a paragraph, are up to 1.4 times as high.
_SIZE_TOLERANCE, _SIZE_TOLERANCE_SHORT = 0.18, 0.5


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read from one picture."""

    fragments: tuple[Fragment, ...] = ()
    """Their boxes are in pixels of the rotated picture."""
    scores: tuple[float, ...] = ()
    """How sure the engine is of each fragment, from 0 to 1."""
    rotation: int = 0
    """By how many degrees the picture was rotated to be upright: 0, 90, 180 or 270."""

    def __post_init__(self) -> None:
        if len(self.fragments) != len(self.scores):
            raise ValueError(f"{len(self.fragments)} fragments but {len(self.scores)} scores")

    @property
    def score(self) -> float:
        """The mean score over characters; 1.0 for a picture without text."""
        sizes = [len(fragment.text) for fragment in self.fragments]
        if not sizes:
            return 1.0
        return sum(s * n for s, n in zip(self.scores, sizes, strict=True)) / sum(sizes)

    @property
    def doubtful_count(self) -> int:
        """How many fragments are likely to contain a wrong character."""
        return sum(score < DOUBTFUL for score in self.scores)


def is_ocr_installed() -> bool:
    """Return whether the extra is installed, without importing it."""
    return find_spec("rapidocr") is not None


def open_ocr(path: Path) -> Callable[[Image], list[Fragment]]:
    """Return a function that reads the fragments of a picture, with boxes in pixels.

    The picture has the shape (height, width, 3) and is in RGB.

    Raises:
        YinjuError: the engine is not installed; the line begins with `path`.
    """
    read = open_reader(path)
    return lambda image: list(read(image).fragments)


def open_reader(path: Path) -> Callable[[Image], Reading]:
    """Return a function that reads a picture as `open_ocr` does, with the scores.

    Raises:
        YinjuError: the engine is not installed; the line begins with `path`.
    """
    try:
        engine = _load_engine()
    except ImportError as error:
        raise YinjuError("file.needs_ocr", path=path, install=INSTALL, reason=str(error)) from error
    return lambda image: read_upright(engine, image)


@cache
def _load_engine() -> Engine:
    """Load the engine with its models, once a process.

    Raises:
        ImportError: it is not installed.
    """
    import rapidocr

    models = Path(rapidocr.__file__).parent / "models"
    engine: Engine = rapidocr.RapidOCR(
        params={
            "Global.log_level": "critical",
            # Keep and report what the engine is unsure of; by default it is dropped silently.
            "Global.text_score": 0.0,
            # The engine's check of each line for being upside down lost a line of a clean page.
            "Global.use_cls": False,
            "Global.max_side_len": _SECOND_PASS_SIDE,
            **{f"{part}.model_path": str(models / name) for part, name in _MODELS.items()},
        }
    )
    return engine


def read_upright(engine: Engine, image: Image) -> Reading:
    """Read a picture, rotated until its lines run from left to right.

    Columns of characters are rotated too: the first column, on the right, becomes the first line.
    """
    rotation = 0
    reading, tall = _read_with_second_pass(engine, image)
    if tall:
        # The engine reads a tall fragment from the top down, so that the first line is on the right.
        rotation = 90
        reading, _ = _read_with_second_pass(engine, np.rot90(image))
    if reading.score < _MIN_UPRIGHT_SCORE:
        rotated, still_tall = _read_with_second_pass(engine, np.rot90(image, rotation // 90 + 2))
        if not still_tall and rotated.score > reading.score:
            rotation, reading = rotation + 180, rotated
    return Reading(reading.fragments, reading.scores, rotation)


def _read_with_second_pass(engine: Engine, image: Image) -> tuple[Reading, bool]:
    """Read a picture as it is; return also whether most of the text is in tall fragments.

    A picture with doubtful text is read once more with more pixels.
    """
    reading, tall = _read_at_size(engine, image, _LONG_SIDE)
    if max(image.shape[:2]) > _LONG_SIDE and reading.score < DOUBTFUL:
        fine, fine_tall = _read_at_size(engine, image, _SECOND_PASS_SIDE)
        if fine.score > reading.score:
            return fine, fine_tall
    return reading, tall


def _read_at_size(engine: Engine, image: Image, side: int) -> tuple[Reading, bool]:
    """Read a picture with its long side shrunk to `side` pixels; boxes are in the original's."""
    shrunk = _shrink(image, side)
    scale = image.shape[1] / shrunk.shape[1]
    result = engine(np.ascontiguousarray(shrunk[:, :, ::-1]))
    if result.txts is None or not len(result.txts):
        return Reading(), False
    quads = np.asarray(result.boxes, dtype=np.float64) * scale
    found = [
        (text, quad, float(score))
        for text, quad, score in zip(result.txts, quads, result.scores, strict=True)
        if text.strip()
    ]
    if not found:
        return Reading(), False
    widths, heights = _measure_quads(np.array([quad for _, quad, _ in found]))
    sizes = np.array([len(text) for text, _, _ in found])
    tall = bool(sizes[heights > _TALL_RATIO * widths].sum() * 2 > sizes.sum())
    straight = _straighten(np.array([quad for _, quad, _ in found]))
    font_sizes = _estimate_font_sizes([text for text, _, _ in found], widths, heights)
    fragments = tuple(
        _to_fragment(text, quad, font_size)
        for (text, _, _), quad, font_size in zip(found, straight, font_sizes, strict=True)
    )
    return Reading(fragments, tuple(score for _, _, score in found)), tall


def _shrink(image: Image, side: int) -> Image:
    from PIL import Image as pillow

    height, width = image.shape[:2]
    if max(height, width) <= side:
        return image
    ratio = side / max(height, width)
    size = max(1, round(width * ratio)), max(1, round(height * ratio))
    return np.asarray(pillow.fromarray(image).resize(size, pillow.Resampling.LANCZOS))


def _measure_quads(quads: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the widths and heights of quads, shape (n, 4, 2), with corners from the top left on."""
    widths = np.linalg.norm(quads[:, 1] - quads[:, 0] + quads[:, 2] - quads[:, 3], axis=1) / 2
    heights = np.linalg.norm(quads[:, 3] - quads[:, 0] + quads[:, 2] - quads[:, 1], axis=1) / 2
    return widths, heights


def _straighten(quads: NDArray[np.float64]) -> NDArray[np.float64]:
    """Turn quads back by the angle of the long lines.

    The boxes of a page that lay askew on the scanner would otherwise overlap from line to line.
    """
    widths, heights = _measure_quads(quads)
    long = widths > _LONG_RATIO * heights
    if not long.any():
        return quads
    along = quads[long, 1] - quads[long, 0]
    angle = float(np.median(np.arctan2(along[:, 1], along[:, 0])))
    cos, sin = np.cos(angle), np.sin(angle)
    rotated = quads @ np.array([[cos, -sin], [sin, cos]])
    straight: NDArray[np.float64] = rotated - np.minimum(rotated.min(axis=(0, 1)), 0)
    return straight


def _estimate_font_sizes(
    texts: list[str], widths: NDArray[np.float64], heights: NDArray[np.float64]
) -> list[float]:
    """Return the font size in each box, in pixels; sizes near the commonest are set to it."""
    high, long = np.minimum(widths, heights), np.maximum(widths, heights)
    widths_in_em = np.array([sum(0.5 if c.isascii() else 1.0 for c in text) for text in texts])
    reliable = np.array([len(IDEOGRAPH.findall(text)) >= _MIN_IDEOGRAPHS for text in texts])
    ratio = float(np.median((long / widths_in_em / high)[reliable])) if reliable.any() else 1.0
    sizes = high * min(ratio, 1.0)
    order = np.argsort(sizes)
    reached = np.cumsum(widths_in_em[order])
    common = sizes[order[np.searchsorted(reached, reached[-1] / 2)]]
    near = np.where(widths_in_em < _MIN_IDEOGRAPHS, _SIZE_TOLERANCE_SHORT, _SIZE_TOLERANCE) * common
    return [float(s) for s in np.where(np.abs(sizes - common) < near, common, sizes)]


def _to_fragment(text: str, quad: NDArray[np.float64], size: float) -> Fragment:
    """Return a fragment whose box is the mean of the quad's edges, which are hardly askew."""
    left, right = quad[[0, 3], 0].mean(), quad[[1, 2], 0].mean()
    top, bottom = quad[[0, 1], 1].mean(), quad[[2, 3], 1].mean()
    return Fragment(
        unify_brackets(text.strip()), float(left), float(top), float(right), float(bottom), size
    )


_BRACKETS = re.compile(r"[(（][^()（）]*[)）]")


def unify_brackets(text: str) -> str:
    """Give both brackets of a pair the same width; change no other character.

    The engine sometimes reads the width of one bracket wrong. A pair is full width if an ideograph
    stands inside or right before it. Other punctuation is read in its own width, and a report may
    have either.

    >>> [unify_brackets(text) for text in ("报告（2018—2023)", "指数(CPI）", "(SEO)", "f(x）", "a)")]
    ['报告（2018—2023）', '指数（CPI）', '(SEO)', 'f(x)', 'a)']
    """

    def pair(match: re.Match[str]) -> str:
        inside = match.group()
        if (inside[0] == "(") == (inside[-1] == ")"):
            return inside
        before = text[max(0, match.start() - 1) : match.start()]
        full = IDEOGRAPH.search(before + inside)
        return f"（{inside[1:-1]}）" if full else f"({inside[1:-1]})"

    return _BRACKETS.sub(pair, text)
