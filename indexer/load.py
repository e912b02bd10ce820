"""File to text and pages. Each format is one function; `LOADERS` says which suffix takes which."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from .archive import refuse_binary
from .decoding import decode
from .errors import YinjuError
from .grid import grid_lines, read_delimited
from .limits import LIMITS, Limits, beyond
from .loaded import Builder, Loaded, Mark, Page
from .office import load_pptx, load_xlsx
from .pdf import load_pdf
from .webpage import load_html
from .word import load_docx

__all__ = ["LOADERS", "Loaded", "Mark", "Page", "find_reports", "load"]

# What programs save by other names: the format that each of them saves as too.
_SAVED_AS = {
    **dict.fromkeys((".xls", ".xlsm", ".xlsb", ".et", ".ods", ".numbers"), ".xlsx"),
    **dict.fromkeys((".doc", ".docm", ".wps", ".odt", ".rtf", ".pages"), ".docx"),
    **dict.fromkeys((".ppt", ".pptm", ".pps", ".ppsx", ".dps", ".odp", ".key"), ".pptx"),
}


def load(path: Path, limits: Limits = LIMITS) -> Loaded:
    """Reads a report.

    Raises:
        YinjuError: the file is missing, empty, too large, of an unknown kind, or cannot be read.
    """
    loader = LOADERS.get(path.suffix.lower())
    if loader is None:
        known = " ".join(sorted(LOADERS))
        other = _SAVED_AS.get(path.suffix.lower())
        raise YinjuError(
            f"{path}: cannot read a file of this kind ({path.suffix or 'no suffix'}); expected {known}"
            + (f"; open it and save it as {other}" if other else "")
        )
    try:
        size = path.stat().st_size / 2**20
        if size > limits.file_mb:
            raise YinjuError(f"{path}: {beyond('file_mb', f'its {size:.1f} MB', limits.file_mb)}")
        loaded = loader(path, path.read_bytes(), limits)
    except OSError as error:
        raise YinjuError(f"{path}: cannot be read: {error.strerror or error}") from error
    if not loaded.text.strip():
        hint = "; a scanned PDF has to go through OCR first" if loaded.format == "pdf" else ""
        raise YinjuError(f"{path}: holds no text{hint}")
    if len(loaded.text) > limits.chars:
        found = f"its {len(loaded.text)} characters"
        raise YinjuError(f"{path}: {beyond('chars', found, limits.chars)}")
    return loaded


def find_reports(paths: list[Path]) -> list[Path]:
    """The files to index: a file as it is named, a folder's readable files below it, in order.

    Raises:
        YinjuError: a path does not exist.
    """
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            files = (p for p in sorted(path.rglob("*")) if p.suffix.lower() in LOADERS)
            found.update(dict.fromkeys(p for p in files if p.is_file() and not _hidden(p, path)))
        elif path.is_file():
            found[path] = None
        elif path.exists():
            raise YinjuError(f"{path}: is neither a file nor a folder; give the path of a report")
        else:
            raise YinjuError(f"{path}: no such file or folder; give the path of a report")
    return list(found)


def _hidden(path: Path, folder: Path) -> bool:
    return any(part.startswith((".", "~$")) for part in path.relative_to(folder).parts)


def _load_text(path: Path, data: bytes, limits: Limits) -> Loaded:
    text, encoding = decode(data, path)
    return Loaded(text, "txt", encoding)


def _load_markdown(path: Path, data: bytes, limits: Limits) -> Loaded:
    text, encoding = decode(data, path)
    return Loaded(text, "md", encoding)


def _load_csv(path: Path, data: bytes, limits: Limits) -> Loaded:
    return _load_delimited(path, data, "csv", None, limits)


def _load_tsv(path: Path, data: bytes, limits: Limits) -> Loaded:
    return _load_delimited(path, data, "tsv", "\t", limits)


def _load_delimited(
    path: Path, data: bytes, format: str, preferred: str | None, limits: Limits
) -> Loaded:
    refuse_binary(path, data, path.suffix.lower())
    text, encoding = decode(data, path)
    if "\0" in text:
        raise YinjuError(
            f"{path}: holds null bytes, expected a table as text; export it anew as CSV in UTF-8"
        )
    builder = Builder()
    for line in grid_lines(read_delimited(text, path, preferred, limits), path.stem):
        builder.add(line)
    return builder.loaded(format, encoding, path.stem)


LOADERS: dict[str, Callable[[Path, bytes, Limits], Loaded]] = {
    ".txt": _load_text,
    ".md": _load_markdown,
    ".markdown": _load_markdown,
    ".html": load_html,
    ".htm": load_html,
    ".csv": _load_csv,
    ".tsv": _load_tsv,
    ".docx": load_docx,
    ".xlsx": load_xlsx,
    ".pptx": load_pptx,
    ".pdf": load_pdf,
}
