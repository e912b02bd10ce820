"""How files of binary formats begin, by which one with a wrong suffix is recognized."""

from __future__ import annotations

# The first bytes of each format, or as many of them as nothing else begins with.
SIGNATURES: tuple[tuple[str, bytes], ...] = (
    ("zip", b"PK\x03\x04"),
    ("ole", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),  # of old office programs: .doc, .xls, .ppt
    ("pdf", b"%PDF-"),
    ("rtf", b"{\\rtf"),
    ("postscript", b"%!PS"),
    ("png", b"\x89PNG"),
    ("jpeg", b"\xff\xd8\xff"),
    ("gif", b"GIF8"),
    ("tiff", b"II*\0"),
    ("tiff", b"MM\0*"),
    ("gzip", b"\x1f\x8b\x08"),
    ("7z", b"7z\xbc\xaf\x27\x1c"),
    ("rar", b"Rar!\x1a\x07"),
    ("sqlite", b"SQLite format 3\0"),
    ("elf", b"\x7fELF"),
)


def find_format(data: bytes) -> str | None:
    """Return the name of the format in `SIGNATURES` that a file's bytes begin like, if any.

    >>> find_format(b"%PDF-1.7"), find_format("报告".encode())
    ('pdf', None)
    """
    return next((name for name, signature in SIGNATURES if data.startswith(signature)), None)
