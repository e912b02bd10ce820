"""Bytes to text: which of the encodings of Chinese text a file is in."""

from __future__ import annotations

import codecs
from pathlib import Path

from .errors import YinjuError


def decode(data: bytes, path: Path) -> tuple[str, str]:
    """The text of a file's bytes and the name of its encoding.

    A byte order mark decides; then strict UTF-8; then charset-normalizer between the encodings
    that Chinese text comes in.

    Raises:
        YinjuError: no encoding fits.
    """
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            try:
                return data.decode(name), name
            except UnicodeDecodeError as error:
                raise YinjuError(
                    f"{path}: begins like {name} but does not decode: {error.reason}"
                ) from error
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return _detect(data, path)
    if text.count("\0") > len(text) // 100:
        return _detect(data, path)
    return text, "utf-8"


def _detect(data: bytes, path: Path) -> tuple[str, str]:
    from charset_normalizer import from_bytes

    best = from_bytes(data, cp_isolation=["gb18030", "big5", "utf_16_le", "utf_16_be"]).best()
    if best is None:
        raise YinjuError(f"{path}: is not text in UTF-8, UTF-16, GB18030 or Big5; save it as UTF-8")
    return data.decode(best.encoding), best.encoding.replace("_", "-")
