"""Load a report by its suffix: `LOADERS` names the function that reads each format."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from .config import LIMITS, Limits, beyond_limit
from .document import Heading, LoadedFile, Page
from .errors import YinjuError, reason_of
from .messages import message

__all__ = ["LOADERS", "Heading", "LoadedFile", "Page", "find_reports", "load"]

# Suffixes that cannot be read, each with a format that its program can save instead.
_CONVERT_TO = {
    **dict.fromkeys((".xls", ".xlsm", ".xlsb", ".et", ".ods", ".numbers"), ".xlsx"),
    **dict.fromkeys((".doc", ".docm", ".wps", ".odt", ".rtf", ".pages"), ".docx"),
    **dict.fromkeys((".ppt", ".pptm", ".pps", ".ppsx", ".dps", ".odp", ".key"), ".pptx"),
    **dict.fromkeys((".heic", ".heif", ".avif", ".gif", ".jp2", ".djvu"), ".png"),
}
# Unsupported files that are listed where they lie in a folder, so that the user gets an error
# instead of a silent gap. Pictures are not: they may be anything.
_UNSUPPORTED = frozenset(suffix for suffix, other in _CONVERT_TO.items() if other != ".png")
# The name of the folder in which a browser saves the parts of a page ends with this.
_SAVED_PAGE_SUFFIX = "_files"

PICTURES = frozenset({".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp"})
# Formats of reports whose pictures, as a logo or a diagram, lie beside them or in a folder below.
_WITH_PICTURES = frozenset({".html", ".htm", ".md", ".markdown"})
# For each suffix the module of `formats` and its function that read it. They are imported when a
# file is loaded: answering a question needs none of them.
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
    """Load a report.

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
    other = _CONVERT_TO.get(suffix.lower())
    if not suffix:
        return YinjuError("file.no_suffix", path=path, known=known)
    if other is None:
        return YinjuError("file.kind", path=path, suffix=suffix, known=known)
    mend = message("mend.save_as", suffix=other)
    return YinjuError("file.kind_saved_as", path=path, suffix=suffix, known=known, mend=mend)


def find_reports(paths: list[Path]) -> list[Path]:
    """Return the files to index: each named file, and the readable files below each named folder.

    Unsupported office files (.doc, .wps ...) of a folder are listed too, so that the user gets an
    error instead of a silent gap. The parts of a web page that a browser saved are left out.

    Pictures of a folder are listed if OCR is installed, except pictures beside or below a web page
    or a Markdown file, which are its illustrations.

    Raises:
        YinjuError: a path does not exist.
    """
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            listed_suffixes = _UNSUPPORTED | LOADERS.keys()
            named = (p for p in sorted(path.rglob("*")) if p.suffix.lower() in listed_suffixes)
            files = [p for p in named if p.is_file() and not _is_hidden(p, path)]
            found.update(dict.fromkeys(_remove_illustrations(files)))
        elif path.is_file():
            found[path] = None
        elif path.exists():
            raise YinjuError("file.neither", path=path)
        else:
            raise YinjuError("file.missing", path=path)
    return list(found)


def _remove_illustrations(files: list[Path]) -> list[Path]:
    from indexer.formats.picture.ocr import is_ocr_installed

    if not is_ocr_installed():
        return [file for file in files if file.suffix.lower() not in PICTURES]
    shown = {file.parent for file in files if file.suffix.lower() in _WITH_PICTURES}
    return [
        file
        for file in files
        if file.suffix.lower() not in PICTURES or shown.isdisjoint(file.parents)
    ]


def _is_hidden(path: Path, folder: Path) -> bool:
    """Return whether a file is hidden, an office program's lock file, or a part of a saved page."""
    below = path.relative_to(folder)
    if any(part.startswith((".", "~$")) for part in below.parts):
        return True
    saved = (p for p in below.parents if p.name.endswith(_SAVED_PAGE_SUFFIX))
    return any(
        (folder / p).with_name(p.name.removesuffix(_SAVED_PAGE_SUFFIX) + suffix).exists()
        for p in saved
        for suffix in (".html", ".htm")
    )
