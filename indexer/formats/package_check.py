"""Check an office file before it is read: its kind, a password, its unpacked size."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from indexer.config import Limits, beyond_limit
from indexer.errors import YinjuError
from indexer.messages import Message, message

from .signatures import find_format

# The limit of the compression ratio. Deflate reaches 1,032:1, and only for one byte repeated; XML
# stays below 100:1. Small parts are not checked, since blank pictures come near.
MAX_RATIO = 1000
RATIO_FROM = 50 * 1024 * 1024
_MB = 1024 * 1024

_FOLDERS = {".docx": "word/", ".xlsx": "xl/", ".pptx": "ppt/"}
_EXPECTED = {
    ".docx": message("found.docx"),
    ".xlsx": message("found.xlsx"),
    ".pptx": message("found.pptx"),
}
# Streams by which an OLE file tells its program. Names are UTF-16 in its directory.
_STREAMS = (
    ("WordDocument", message("found.old_program", program="Word", suffix=".doc")),
    ("PowerPoint Document", message("found.old_program", program="PowerPoint", suffix=".ppt")),
    ("Workbook", message("found.old_program", program="Excel", suffix=".xls")),
    ("Book", message("found.old_program", program="Excel", suffix=".xls")),
)


def _save_as(suffix: str) -> Message:
    return message("mend.save_as", suffix=suffix)


def check_package(path: Path, data: bytes, suffix: str, limits: Limits) -> None:
    """Check a .docx, .xlsx or .pptx file without unpacking it.

    Raises:
        YinjuError: it is none, is locked by a password, or unpacks to more than the limits.
    """
    if find_format(data) == "ole":
        raise _unreadable(path, suffix, *_describe_ole(data, suffix))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, struct.error) as error:
        raise _unreadable(path, suffix, *_describe_file(data, suffix)) from error
    for kind, folder in _FOLDERS.items():
        if any(part.filename.startswith(folder) for part in parts):
            if kind != suffix:
                found = message("found.file_of_kind", suffix=kind)
                raise _unreadable(path, suffix, found, message("mend.rename_to", suffix=kind))
            break
    else:
        raise _unreadable(path, suffix, message("found.zip_of_other_kind"), _save_as(suffix))
    for part in parts:
        _check_part(path, part, limits)
    total = sum(part.file_size for part in parts)
    if total > limits.unpacked_mb * _MB:
        found = message("size.unpacked", size=total / _MB)
        raise beyond_limit(path, "unpacked_mb", found, limits.unpacked_mb)


def _check_part(path: Path, part: zipfile.ZipInfo, limits: Limits) -> None:
    size = part.file_size
    if part.filename.endswith((".xml", ".rels")) and size > limits.part_mb * _MB:
        found = message("size.part", size=size / _MB, part=part.filename)
        raise beyond_limit(path, "part_mb", found, limits.part_mb)
    if size > RATIO_FROM and size > MAX_RATIO * part.compress_size:
        raise YinjuError(
            "file.zip_bomb",
            path=path,
            part=part.filename,
            packed=part.compress_size,
            size=size / _MB,
        )


def refuse_binary(path: Path, data: bytes, suffix: str) -> None:
    """Refuse a file that should be text and is an office file with a wrong suffix.

    Raises:
        YinjuError: it is an office file.
    """
    begins_like = find_format(data)
    if begins_like == "ole":
        found = _describe_ole(data, suffix)[0]
    elif begins_like == "zip":
        found = message("found.zip_as", suffix=".xlsx")
    else:
        return
    raise _unreadable(path, suffix, found, message("mend.rename_or_save", suffix=".xlsx"))


@contextmanager
def convert_library_errors(path: Path, suffix: str) -> Iterator[None]:
    """Convert whatever a library raises for a damaged file to a YinjuError.

    Libraries for office files document no errors and raise nearly any: KeyError for a missing part,
    ValueError for a cell, those of the XML parser.

    Raises:
        YinjuError: the block raised.
    """
    try:
        yield
    except YinjuError:
        raise
    except Exception as error:
        reason = next(iter(str(error).splitlines()), "") or type(error).__name__
        found = message("found.damaged", reason=reason)
        mend = message("mend.save_anew", suffix=suffix)
        raise _unreadable(path, suffix, found, mend) from error


def _describe_ole(data: bytes, suffix: str) -> tuple[Message, Message]:
    """Return what an OLE file is, and how the user can mend it."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        return message("found.locked"), message("mend.unlock", suffix=suffix)
    for stream, kind in _STREAMS:
        if stream.encode("utf-16-le") in data:
            return kind, _save_as(suffix)
    return message("found.old_office_program"), _save_as(suffix)


def _describe_file(data: bytes, suffix: str) -> tuple[Message, Message]:
    """Return what a file that is no zip archive is, and how the user can mend it."""
    if not data:
        return message("found.empty_file"), message("mend.copy_or_save")
    start = data[:64].lstrip(b"\xef\xbb\xbf \r\n\t")
    begins_like = find_format(start)
    if begins_like == "pdf":
        return message("found.pdf"), message("mend.rename_to", suffix=".pdf")
    if begins_like == "rtf":
        return message("found.rtf"), _save_as(suffix)
    if start.startswith(b"<"):
        return message("found.markup"), _save_as(suffix)
    if start.startswith(b"PK"):
        return message("found.zip_damaged"), message("mend.copy_or_save")
    return message("found.something_else"), message("mend.save_from_program", suffix=suffix)


def _unreadable(path: Path, suffix: str, found: Message, mend: Message) -> YinjuError:
    expected = _EXPECTED.get(suffix, message("found.text_table"))
    return YinjuError(
        "file.not_office", path=path, suffix=suffix, found=found, expected=expected, mend=mend
    )
