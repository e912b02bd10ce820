"""A picture of a page to pieces of text, by an offline engine that is an optional extra.

The engine is rapidocr with the PP-OCRv6 models that lie in its wheel. Of the 4,225 characters of a
report of six pages rasterised at 200 dpi it gets 2 wrong, and none at 120 dpi, turned by 0.7 degrees,
with noise and at JPEG quality 60 (width of brackets apart). rapidocr-onnxruntime 1.4.4, half the
size, gets 1.2 % and 0.3 % wrong, wants the OpenCV build that needs a window system, and is not for
Python 3.13. A page takes 1 to 2 seconds on 2 cores.
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
from indexer.formats.layout.arrange import Piece
from indexer.text.patterns import IDEOGRAPH

Image = NDArray[np.uint8]
# A picture in BGR to an object with boxes, shape (n, 4, 2), txts and scores, or None for each.
Engine = Callable[[Image], Any]
INSTALL = "pip install 'yinju[ocr]'"

# Explicit paths: the engine would otherwise fetch a model that is missing or damaged.
_MODELS = {
    "Det": "PP-OCRv6_det_small.onnx",
    "Cls": "ch_ppocr_mobile_v2.0_cls_mobile.onnx",
    "Rec": "PP-OCRv6_rec_small.onnx",
}
# Pixels of the long side. Type of 8 px is read without an error, and a page of 3,500 px is read no
# better than one of 2,000 in half the time; small type on a large sheet needs the second pass.
_SIDE, _FINE_SIDE = 2000, 4000
# Of pieces at or above 0.95, 1 % of the characters were wrong on bad scans; of those from 0.9, 7 %;
# from 0.85, 16 %; below 0.5, 70 %.
DOUBTFUL = 0.9
# A page that stands on its head scores 0.65; the same page upright 0.99.
_UPRIGHT = 0.8
# A piece this many times as high as wide is a line that lies on its side, or a column of characters.
_TALL = 1.5
# Lines at least this many times as wide as high say by how much a page is askew.
_LONG = 8
# Boxes are a little higher than the type in them: by how much, lines of so many ideographs tell.
_IDEOGRAPHS = 8
# Boxes of one type differ so much in height from line to line; those of one to seven characters,
# as the last line of a paragraph, are up to 1.4 times as high.
_SAME_TYPE, _SAME_TYPE_SHORT = 0.18, 0.5


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read from one picture: pieces, how sure the engine is of each (0..1), and whether
    the picture had to be turned by 90, 180 or 270 degrees; boxes are in the turned picture."""

    pieces: tuple[Piece, ...] = ()
    scores: tuple[float, ...] = ()
    turned: int = 0

    def __post_init__(self) -> None:
        if len(self.pieces) != len(self.scores):
            raise ValueError(f"{len(self.pieces)} pieces but {len(self.scores)} scores")

    @property
    def score(self) -> float:
        """The mean over characters; 1 where nothing stands in the picture."""
        sizes = [len(piece.text) for piece in self.pieces]
        if not sizes:
            return 1.0
        return sum(s * n for s, n in zip(self.scores, sizes, strict=True)) / sum(sizes)

    @property
    def doubtful(self) -> int:
        """How many pieces are likely to hold a wrong character."""
        return sum(score < DOUBTFUL for score in self.scores)


def ocr_installed() -> bool:
    """Whether the extra is there; imports nothing."""
    return find_spec("rapidocr") is not None


def open_ocr(path: Path) -> Callable[[Image], list[Piece]]:
    """A function from a picture, shape (height, width, 3) in RGB, to its pieces, in pixels.

    Raises:
        YinjuError: the engine is not installed; the line begins with `path`.
    """
    read = open_reader(path)
    return lambda image: list(read(image).pieces)


def open_reader(path: Path) -> Callable[[Image], Reading]:
    """As `open_ocr`, with the scores.

    Raises:
        YinjuError: the engine is not installed; the line begins with `path`.
    """
    try:
        engine = _engine()
    except ImportError as error:
        raise YinjuError("file.needs_ocr", path=path, install=INSTALL, reason=str(error)) from error
    return lambda image: read_upright(engine, image)


@cache
def _engine() -> Engine:
    """The engine with its models, once a process.

    Raises:
        ImportError: it is not installed.
    """
    import rapidocr

    models = Path(rapidocr.__file__).parent / "models"
    engine: Engine = rapidocr.RapidOCR(
        params={
            "Global.log_level": "critical",
            # What it is unsure of is kept and reported, not dropped in silence.
            "Global.text_score": 0.0,
            # Its guess for each line whether it is upside down lost a whole line of a clean page.
            "Global.use_cls": False,
            "Global.max_side_len": _FINE_SIDE,
            **{f"{part}.model_path": str(models / name) for part, name in _MODELS.items()},
        }
    )
    return engine


def read_upright(engine: Engine, image: Image) -> Reading:
    """Reads a picture, turned until its lines run from left to right.

    Columns of characters are turned too: the first, at the right, becomes the first line.
    """
    turn = 0
    reading, tall = _read(engine, image)
    if tall:
        # The engine reads a high piece from its top down, so that its first line is at the right.
        turn = 90
        reading, _ = _read(engine, np.rot90(image))
    if reading.score < _UPRIGHT:
        other, still_tall = _read(engine, np.rot90(image, turn // 90 + 2))
        if not still_tall and other.score > reading.score:
            turn, reading = turn + 180, other
    return Reading(reading.pieces, reading.scores, turn)


def _read(engine: Engine, image: Image) -> tuple[Reading, bool]:
    """What stands in the picture as it lies, and whether most pieces are high rather than wide."""
    reading, tall = _read_at(engine, image, _SIDE)
    if max(image.shape[:2]) > _SIDE and reading.score < DOUBTFUL:
        fine, fine_tall = _read_at(engine, image, _FINE_SIDE)
        if fine.score > reading.score:
            return fine, fine_tall
    return reading, tall


def _read_at(engine: Engine, image: Image, side: int) -> tuple[Reading, bool]:
    """What stands in the picture if its long side is shrunk to `side` pixels."""
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
    widths, heights = _sides(np.array([quad for _, quad, _ in found]))
    sizes = np.array([len(text) for text, _, _ in found])
    tall = bool(sizes[heights > _TALL * widths].sum() * 2 > sizes.sum())
    straight = _straighten(np.array([quad for _, quad, _ in found]))
    ems = _type_sizes([text for text, _, _ in found], widths, heights)
    pieces = tuple(
        _piece(text, quad, em) for (text, _, _), quad, em in zip(found, straight, ems, strict=True)
    )
    return Reading(pieces, tuple(score for _, _, score in found)), tall


def _shrink(image: Image, side: int) -> Image:
    from PIL import Image as pillow

    height, width = image.shape[:2]
    if max(height, width) <= side:
        return image
    ratio = side / max(height, width)
    size = max(1, round(width * ratio)), max(1, round(height * ratio))
    return np.asarray(pillow.fromarray(image).resize(size, pillow.Resampling.LANCZOS))


def _sides(quads: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Widths and heights of quads, shape (n, 4, 2), whose corners go round from the top left."""
    widths = np.linalg.norm(quads[:, 1] - quads[:, 0] + quads[:, 2] - quads[:, 3], axis=1) / 2
    heights = np.linalg.norm(quads[:, 3] - quads[:, 0] + quads[:, 2] - quads[:, 1], axis=1) / 2
    return widths, heights


def _straighten(quads: NDArray[np.float64]) -> NDArray[np.float64]:
    """Quads turned back by the angle of the long lines, so that boxes of a page that lies askew on
    the scanner do not overlap from line to line."""
    widths, heights = _sides(quads)
    long = widths > _LONG * heights
    if not long.any():
        return quads
    along = quads[long, 1] - quads[long, 0]
    angle = float(np.median(np.arctan2(along[:, 1], along[:, 0])))
    cos, sin = np.cos(angle), np.sin(angle)
    turned = quads @ np.array([[cos, -sin], [sin, cos]])
    straight: NDArray[np.float64] = turned - np.minimum(turned.min(axis=(0, 1)), 0)
    return straight


def _type_sizes(
    texts: list[str], widths: NDArray[np.float64], heights: NDArray[np.float64]
) -> list[float]:
    """The size of the type in each box, in pixels; sizes near the commonest are made the same."""
    high, long = np.minimum(widths, heights), np.maximum(widths, heights)
    columns = np.array([sum(0.5 if c.isascii() else 1.0 for c in text) for text in texts])
    sure = np.array([len(IDEOGRAPH.findall(text)) >= _IDEOGRAPHS for text in texts])
    ratio = float(np.median((long / columns / high)[sure])) if sure.any() else 1.0
    sizes = high * min(ratio, 1.0)
    order = np.argsort(sizes)
    reached = np.cumsum(columns[order])
    common = sizes[order[np.searchsorted(reached, reached[-1] / 2)]]
    near = np.where(columns < _IDEOGRAPHS, _SAME_TYPE_SHORT, _SAME_TYPE) * common
    return [float(s) for s in np.where(np.abs(sizes - common) < near, common, sizes)]


def _piece(text: str, quad: NDArray[np.float64], size: float) -> Piece:
    """A piece whose box is the mean of the quad's edges: it is never more than a little askew."""
    left, right = quad[[0, 3], 0].mean(), quad[[1, 2], 0].mean()
    top, bottom = quad[[0, 1], 1].mean(), quad[[2, 3], 1].mean()
    return Piece(mend(text.strip()), float(left), float(top), float(right), float(bottom), size)


_BRACKETS = re.compile(r"[(（][^()（）]*[)）]")


def mend(text: str) -> str:
    """A line with brackets of one width in each pair; no character becomes another.

    The engine takes the width of one bracket of a pair wrong now and then. A pair is full width
    where an ideograph stands inside or right before it. Other marks it reads in the width that
    they have, and a report may have either.

    >>> mend("报告（2018—2023)"), mend("指数(CPI）"), mend("(SEO)"), mend("f(x）"), mend("a)")
    ('报告（2018—2023）', '指数（CPI）', '(SEO)', 'f(x)', 'a)')
    """

    def pair(match: re.Match[str]) -> str:
        inside = match.group()
        if (inside[0] == "(") == (inside[-1] == ")"):
            return inside
        before = text[max(0, match.start() - 1) : match.start()]
        full = IDEOGRAPH.search(before + inside)
        return f"（{inside[1:-1]}）" if full else f"({inside[1:-1]})"

    return _BRACKETS.sub(pair, text)
