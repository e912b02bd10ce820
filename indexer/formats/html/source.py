"""Decode the source of a web page: by its byte order mark, its declaration or its bytes."""

from __future__ import annotations

import codecs
import re
from dataclasses import replace
from pathlib import Path

from indexer.config import Limits
from indexer.errors import YinjuError
from indexer.formats.decoding import Decoded, read_text
from indexer.formats.signatures import find_format
from indexer.messages import message

_DECLARED = re.compile(
    rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']\s*([\w.:-]+)|<meta[^>]{0,300}?charset\s*=\s*["']?\s*([\w.:-]+)""",
    re.IGNORECASE,
)
_HEAD_BYTES = 8192
# Pages that declare the older standard use characters of the newer one.
_SUPERSETS = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs"}
# Declarations that are ignored. Any bytes can be decoded in the one-byte encodings, so that they
# prove nothing; and a page whose declaration can be read as ASCII is not in UTF-16 or UTF-32.
_PROVES_NOTHING = re.compile(
    r"iso8859|cp125\d|ascii|latin|utf-16|utf-32|utf-7|raw_unicode|unicode_"
)
_BEYOND_TWO_BYTES = re.compile("[\u0800-\U0010ffff]")
# The largest share of damaged characters in a page whose declared encoding is used.
_MAX_DAMAGED_SHARE = 0.001
# What a file is that is no web page, and what mends it, by the format that it begins like.
_PICTURE = message("found.picture"), message("mend.only_text")
_NO_PAGE = {
    "pdf": (message("found.pdf"), message("mend.rename_to", suffix=".pdf")),
    "zip": (message("found.zip_as", suffix=".docx"), message("mend.rename")),
    "ole": (message("found.old_office"), message("mend.save_as", suffix=".docx")),
    "png": _PICTURE,
    "jpeg": _PICTURE,
    "gif": _PICTURE,
    "gzip": (message("found.compressed"), message("mend.unpack_first")),
}


def read_source(data: bytes, path: Path, limits: Limits, declared: str | None = None) -> Decoded:
    """Decode the source of a page; return it with its encoding and what could not be decoded.

    Tried are, in this order: the byte order mark, UTF-8, the encoding that the page declares, and
    the encoding that the bytes look like.

    Args:
        data: the bytes of the page.
        path: the file, for errors.
        limits: of characters.
        declared: the encoding that a mail or archive states for the page.

    Raises:
        YinjuError: it is no text in any encoding.
    """
    if (other := _NO_PAGE.get(find_format(data) or "")) is not None:
        raise YinjuError("file.not_page", path=path, found=other[0], mend=other[1])
    has_bom = data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if not has_bom and data.count(b"\0") * 10 < len(data):
        data = data.replace(b"\0", b"")  # UTF-16 and UTF-32 have more null bytes
    encoding = None if has_bom else _find_declared(data, declared)
    source = _decode(data, path, limits, encoding)
    if source.text.count("\0") > len(source.text) // 100:
        raise YinjuError("file.null_bytes_in_page", path=path)
    return replace(source, text=source.text.replace("\0", ""))


def _find_declared(data: bytes, declared: str | None) -> str | None:
    """Return the declared encoding by Python's name; None if there is none, or it is ignored."""
    match = _DECLARED.search(data[:_HEAD_BYTES])
    name = declared or (match and (match[1] or match[2]).decode("ascii", "replace")) or ""
    try:
        known = codecs.lookup(_SUPERSETS.get(name.lower(), name)).name
    except (LookupError, ValueError):
        return None
    known = _SUPERSETS.get(known, known)
    return None if _PROVES_NOTHING.search(known) else known


def _decode(data: bytes, path: Path, limits: Limits, encoding: str | None) -> Decoded:
    if encoding not in (None, "utf-8"):
        try:
            text = data.decode("utf-8")
            # GBK text may be valid UTF-8 by chance; it then has only Latin or Cyrillic letters.
            if _BEYOND_TWO_BYTES.search(text):
                return Decoded(text, "utf-8")
        except UnicodeDecodeError:
            pass
        try:
            return Decoded(data.decode(encoding), encoding)
        except (UnicodeDecodeError, LookupError):
            pass
    try:
        return read_text(data, path, limits)
    except YinjuError:
        return _decode_damaged(data, path, encoding or "utf-8")


def _decode_damaged(data: bytes, path: Path, encoding: str) -> Decoded:
    """Decode a page with a few damaged bytes, as one that was cut off."""
    text = data.decode(encoding, "replace")
    damaged = text.count("\ufffd")
    if damaged > max(2, len(text) * _MAX_DAMAGED_SHARE):
        raise YinjuError("file.declared_encoding", path=path, encoding=encoding)
    return Decoded(text, encoding, (message("problem.damaged_characters", found=damaged),))
