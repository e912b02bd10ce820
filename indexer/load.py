"""File to text and pages. Each format is one function; `LOADERS` says which suffix takes which."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from .config import LIMITS, Limits, beyond_limit
from .document import LoadedFile, Mark, Page
from .errors import YinjuError, reason_of
from .messages import message

__all__ = ["LOADERS", "Heading", "LoadedFile", "Page", "find_reports", "load"]

# What programs save by other names: the format that each of them saves as too.
_SAVED_AS = {
    **dict.fromkeys((".xls", ".xlsm", ".xlsb", ".et", ".ods", ".numbers"), ".xlsx"),
    **dict.fromkeys((".doc", ".docm", ".wps", ".odt", ".rtf", ".pages"), ".docx"),
    **dict.fromkeys((".ppt", ".pptm", ".pps", ".ppsx", ".dps", ".odp", ".key"), ".pptx"),
    **dict.fromkeys((".heic", ".heif", ".avif", ".gif", ".jp2", ".djvu"), ".png"),
}
# Those that are named where they lie in a folder; a picture may be anything.
_REPORTED = frozenset(suffix for suffix, other in _SAVED_AS.items() if other != ".png")
# The folder in which a browser puts what belongs to a page.
_SAVED_PAGE = "_files"

PICTURES = frozenset({".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp"})
# Reports that show pictures, as a logo or a diagram, which lie beside them or below.
_ILLUSTRATED = frozenset({".html", ".htm", ".md", ".markdown"})
# The module of `formats` and its function that read a suffix, imported when a file has it: a
# question needs none of them.
LOADERS: dict[str, tuple[str, str]] = {
    ".txt": ("text", "load_text"),
    ".md": ("text", "load_markdown"),
    ".markdown": ("text", "load_markdown"),
    ".csv": ("text", "load_csv"),
    ".tsv": ("text", "load_tsv"),
    ".html": ("html.load", "load_html"),
    ".htm": ("html.load", "load_html"),
    ".xhtml": ("html.load", "load_html"),
    ".mht": ("html.load", "load_mhtml"),
    ".mhtml": ("html.load", "load_mhtml"),
    ".docx": ("docx.load", "load_docx"),
    ".xlsx": ("office", "load_xlsx"),
    ".pptx": ("office", "load_pptx"),
    ".pdf": ("pdf.load", "load_pdf"),
    **dict.fromkeys(PICTURES, ("picture.load", "load_picture")),
}


def load(path: Path, limits: Limits = LIMITS) -> LoadedFile:
    """Reads a report.

    Raises:
        YinjuError: the file is missing, empty, too large, of an unknown kind, or cannot be read.
    """
    reads = LOADERS.get(path.suffix.lower())
    if reads is None:
        raise _unknown_kind(path)
    try:
        size = path.stat().st_size / 2**20
        if size > limits.file_mb:
            found = message("size.megabytes", size=size)
            raise beyond_limit(path, "file_mb", found, limits.file_mb)
        module, function = reads
        loader = getattr(import_module(f".formats.{module}", __package__), function)
        loaded: LoadedFile = loader(path, path.read_bytes(), limits)
    except OSError as error:
        raise YinjuError("file.unreadable", path=path, reason=reason_of(error)) from error
    if not loaded.text.strip():
        raise YinjuError("file.no_text", path=path)
    if len(loaded.text) > limits.chars:
        found = message("size.characters", count=len(loaded.text))
        raise beyond_limit(path, "chars", found, limits.chars)
    return loaded


def _unknown_kind(path: Path) -> YinjuError:
    """Return the error of a file that no loader reads."""
    known, suffix = " ".join(sorted(LOADERS)), path.suffix
    other = _SAVED_AS.get(suffix.lower())
    if not suffix:
        return YinjuError("file.no_suffix", path=path, known=known)
    if other is None:
        return YinjuError("file.kind", path=path, suffix=suffix, known=known)
    mend = message("mend.save_as", suffix=other)
    return YinjuError("file.kind_saved_as", path=path, suffix=suffix, known=known, mend=mend)


def find_reports(paths: list[Path]) -> list[Path]:
    """The files to index: a file as it is named, a folder's readable files below it, in order.

    Of files that cannot be read a folder gives those that office programs save, so that a report
    among them is missed aloud. Parts of a page that a browser saved are none.

    A folder's pictures are taken where OCR is installed, but not those that lie beside or below a
    page or a Markdown file: they are its illustrations.

    Raises:
        YinjuError: a path does not exist.
    """
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            told = _REPORTED | LOADERS.keys()
            named = (p for p in sorted(path.rglob("*")) if p.suffix.lower() in told)
            files = [p for p in named if p.is_file() and not _hidden(p, path)]
            found.update(dict.fromkeys(_without_illustrations(files)))
        elif path.is_file():
            found[path] = None
        elif path.exists():
            raise YinjuError("file.neither", path=path)
        else:
            raise YinjuError("file.missing", path=path)
    return list(found)


def _without_illustrations(files: list[Path]) -> list[Path]:
    from indexer.formats.picture.ocr import is_ocr_installed

    if not is_ocr_installed():
        return [file for file in files if file.suffix.lower() not in PICTURES]
    shown = {file.parent for file in files if file.suffix.lower() in _ILLUSTRATED}
    return [
        file
        for file in files
        if file.suffix.lower() not in PICTURES or shown.isdisjoint(file.parents)
    ]


def _hidden(path: Path, folder: Path) -> bool:
    """Whether a file is hidden, a lock of an office program, or in a saved page's own folder."""
    below = path.relative_to(folder)
    if any(part.startswith((".", "~$")) for part in below.parts):
        return True
    saved = (p for p in below.parents if p.name.endswith(_SAVED_PAGE))
    return any(
        (folder / p).with_name(p.name.removesuffix(_SAVED_PAGE) + suffix).exists()
        for p in saved
        for suffix in (".html", ".htm")
    )
