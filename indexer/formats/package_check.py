"""What a file of an office program is before it is read: its kind, its lock, its unpacked size."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from indexer.config import Limits, beyond
from indexer.errors import YinjuError

# Deflate reaches 1,032:1, and only on one byte that repeats; XML stays below 100:1. Small parts
# are let through, since blank pictures come near.
MAX_RATIO = 1000
RATIO_FROM = 50 * 1024 * 1024
_MB = 1024 * 1024

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FOLDERS = {".docx": "word/", ".xlsx": "xl/", ".pptx": "ppt/"}
_EXPECTED = {
    ".docx": "a document of Word 2007 or later",
    ".xlsx": "a workbook of Excel 2007 or later",
    ".pptx": "a presentation of PowerPoint 2007 or later",
}
# Streams by which an OLE file tells its program. Names are UTF-16 in its directory.
_STREAMS = (
    ("WordDocument", "an old Word file (.doc)"),
    ("PowerPoint Document", "an old PowerPoint file (.ppt)"),
    ("Workbook", "an old Excel file (.xls)"),
    ("Book", "an old Excel file (.xls)"),
)
_BEGINNINGS = (
    (b"%PDF", "a PDF", "rename it to .pdf"),
    (b"{\\rtf", "an RTF text", "open it and save it as {suffix}"),
    (b"<", "HTML or XML", "open it and save it as {suffix}"),
    (b"PK", "a zip archive that is cut off or damaged", "copy it again, or save it anew"),
)


def check_package(path: Path, data: bytes, suffix: str, limits: Limits) -> None:
    """Looks at a .docx, .xlsx or .pptx file without unpacking it.

    Raises:
        YinjuError: it is none, is locked by a password, or unpacks to more than the limits.
    """
    if data.startswith(_OLE):
        raise _unreadable(path, suffix, *_ole(data, suffix))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, struct.error) as error:
        raise _unreadable(path, suffix, *_found(data, suffix)) from error
    for kind, folder in _FOLDERS.items():
        if any(part.filename.startswith(folder) for part in parts):
            if kind != suffix:
                raise _unreadable(path, suffix, f"a {kind} file", f"rename it to {kind}")
            break
    else:
        raise _unreadable(
            path, suffix, "a zip archive of another kind", f"open it and save it as {suffix}"
        )
    for part in parts:
        _check_part(path, part, limits)
    total = sum(part.file_size for part in parts)
    if total > limits.unpacked_mb * _MB:
        found = f"the {_mb(total)} that it unpacks to"
        raise YinjuError(f"{path}: {beyond('unpacked_mb', found, limits.unpacked_mb)}")


def _check_part(path: Path, part: zipfile.ZipInfo, limits: Limits) -> None:
    size = part.file_size
    if part.filename.endswith((".xml", ".rels")) and size > limits.part_mb * _MB:
        found = f"the {_mb(size)} that its part {part.filename!r} unpacks to"
        raise YinjuError(f"{path}: {beyond('part_mb', found, limits.part_mb)}")
    if size > RATIO_FROM and size > MAX_RATIO * part.compress_size:
        raise YinjuError(
            f"{path}: its part {part.filename!r} unpacks from {part.compress_size} bytes to "
            f"{_mb(size)}, as no report does; open the file and save it anew"
        )


def refuse_binary(path: Path, data: bytes, suffix: str) -> None:
    """Looks whether a file that should be text is one of an office program under another name.

    Raises:
        YinjuError: it is.
    """
    if data.startswith(_OLE):
        found = _ole(data, suffix)[0]
    elif data.startswith(b"PK\x03\x04"):
        found = "a zip archive, as .xlsx files are"
    else:
        return
    raise _unreadable(path, suffix, found, "rename it to what it is, or save it as .xlsx")


@contextmanager
def readable(path: Path, suffix: str) -> Iterator[None]:
    """Makes one line of whatever a library raises at a damaged file.

    Libraries for office files document no errors and raise nearly any: KeyError at a missing
    part, ValueError at a cell, the XML parser's own.

    Raises:
        YinjuError: the block raised.
    """
    try:
        yield
    except YinjuError:
        raise
    except Exception as error:
        reason = next(iter(str(error).splitlines()), "") or type(error).__name__
        raise _unreadable(
            path, suffix, f"a damaged file ({reason})", f"open it and save it as {suffix} anew"
        ) from error


def _ole(data: bytes, suffix: str) -> tuple[str, str]:
    """What an OLE file is, and how to mend it."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        return (
            "a file locked by a password, or encrypted",
            f"open it, take the password off and save it as {suffix}",
        )
    for stream, kind in _STREAMS:
        if stream.encode("utf-16-le") in data:
            return kind, f"open it and save it as {suffix}"
    return "a file of an old office program", f"open it and save it as {suffix}"


def _found(data: bytes, suffix: str) -> tuple[str, str]:
    """What a file that is no zip archive is, and how to mend it."""
    if not data:
        return "an empty file", "copy it again, or save it anew"
    for beginning, name, mend in _BEGINNINGS:
        if data[:64].lstrip(b"\xef\xbb\xbf \r\n\t").startswith(beginning):
            return name, mend.format(suffix=suffix)
    return "something else", f"open it in the program that made it and save it as {suffix}"


def _unreadable(path: Path, suffix: str, found: str, mend: str) -> YinjuError:
    expected = _EXPECTED.get(suffix, "a table as text")
    return YinjuError(
        f"{path}: is not a readable {suffix} file: found {found}, expected {expected}; {mend}"
    )


def _mb(size: int) -> str:
    return f"{size / _MB:.0f} MB"
