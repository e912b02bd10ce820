"""The bytes of a web page to its source: which encoding it is in, and what it says it is in."""

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
# Pages that name the older standard use characters of the newer one.
_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs"}
# Any bytes are text in these, so that a page which names one proves nothing; and a page whose
# declaration can be read as ASCII is in none of the wide ones.
_PROVES_NOTHING = re.compile(
    r"iso8859|cp125\d|ascii|latin|utf-16|utf-32|utf-7|raw_unicode|unicode_"
)
_BEYOND_TWO_BYTES = re.compile("[\u0800-\U0010ffff]")
# As many bytes as this may be damaged in a page whose declaration is believed.
_MAX_DAMAGED = 0.001
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
    """The source, the name of its encoding, and what could not be decoded.

    A byte order mark decides, then UTF-8 that decodes; then what the page declares, unless it does
    not decode so; then what the bytes look like.

    Args:
        declared: what a mail or archive around the page says.

    Raises:
        YinjuError: it is no text in any encoding.
    """
    if (other := _NO_PAGE.get(find_format(data) or "")) is not None:
        raise YinjuError("file.not_page", path=path, found=other[0], mend=other[1])
    marked = data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if not marked and data.count(b"\0") * 10 < len(data):
        data = data.replace(b"\0", b"")  # no wide encoding has so few
    wanted = None if marked else _declared(data, declared)
    source = _decode(data, path, limits, wanted)
    if source.text.count("\0") > len(source.text) // 100:
        raise YinjuError("file.null_bytes_in_page", path=path)
    return replace(source, text=source.text.replace("\0", ""))


def _declared(data: bytes, declared: str | None) -> str | None:
    """The declared encoding as Python calls it; None if there is none, or it proves nothing."""
    match = _DECLARED.search(data[:_HEAD_BYTES])
    name = declared or (match and (match[1] or match[2]).decode("ascii", "replace")) or ""
    try:
        known = codecs.lookup(_WIDER.get(name.lower(), name)).name
    except (LookupError, ValueError):
        return None
    known = _WIDER.get(known, known)
    return None if _PROVES_NOTHING.search(known) else known


def _decode(data: bytes, path: Path, limits: Limits, wanted: str | None) -> Decoded:
    if wanted not in (None, "utf-8"):
        try:
            text = data.decode("utf-8")
            # Two characters of GBK may be two of UTF-8, which are then Latin or Cyrillic ones.
            if _BEYOND_TWO_BYTES.search(text):
                return Decoded(text, "utf-8")
        except UnicodeDecodeError:
            pass
        try:
            return Decoded(data.decode(wanted), wanted)
        except (UnicodeDecodeError, LookupError):
            pass
    try:
        return read_text(data, path, limits)
    except YinjuError:
        return _damaged(data, path, wanted or "utf-8")


def _damaged(data: bytes, path: Path, wanted: str) -> Decoded:
    """A page with a few damaged bytes, as where it was cut off."""
    text = data.decode(wanted, "replace")
    damaged = text.count("\ufffd")
    if damaged > max(2, len(text) * _MAX_DAMAGED):
        raise YinjuError("file.declared_encoding", path=path, encoding=wanted)
    return Decoded(text, wanted, (message("problem.damaged_characters", found=damaged),))
