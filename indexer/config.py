"""The configuration: one frozen value, read from flags and `YINJU_*` variables, only in here."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path

from .errors import YinjuError
from .messages import Message


@dataclass(frozen=True, slots=True)
class Limits:
    """The largest file that is read. An environment variable sets each, such as `YINJU_MAX_FILE_MB`."""

    file_mb: int = 200
    """MB (2**20 bytes) of a file on disk."""
    chars: int = 20_000_000
    """Characters of a report's text; 1,000 pages are about 1 million characters."""
    unpacked_mb: int = 500
    """MB of all parts of a .docx, .xlsx or .pptx together. A file full of pictures stays below; a zip
    bomb of a few hundred KB does not."""
    part_mb: int = 150
    """MB of one XML part of such a file. Its tree takes about seven times as much memory; 2 million
    cells are about 100 MB."""
    rows: int = 200_000
    """Rows of a workbook or CSV that are not empty. Each is a passage, of which the encoder reads about
    170 a second."""
    cells: int = 2_000_000
    """Cells of a workbook or CSV that are not empty."""
    pages: int = 5_000
    """Pages of a PDF."""
    depth: int = 1_000
    """HTML elements inside one another."""


LIMITS = Limits()


def limit_variable(field: str) -> str:
    """Return the name of the environment variable that sets a limit.

    >>> limit_variable("file_mb")
    'YINJU_MAX_FILE_MB'
    """
    return f"YINJU_MAX_{field.upper()}"


def read_limits(env: Mapping[str, str]) -> Limits:
    """Return the limits that the variables of an environment set, and the defaults of the others.

    Raises:
        YinjuError: a variable is not a whole number above zero.
    """
    given = {}
    for field in fields(Limits):
        name = limit_variable(field.name)
        value = env.get(name)
        if not value:
            continue
        if not value.isascii() or not value.isdigit() or int(value) < 1:
            default = getattr(LIMITS, field.name)
            raise YinjuError("settings.limit", name=name, value=value, default=default)
        given[field.name] = int(value)
    return replace(LIMITS, **given)


def beyond_limit(path: Path, field: str, found: Message, limit: int) -> YinjuError:
    """Return the error of a file that is larger than a limit.

    Args:
        field: the limit's name, a field of `Limits`.
        found: how large the file is, a message of the group "size".

    >>> from indexer.messages import message
    >>> str(beyond_limit(Path("a.pdf"), "pages", message("size.pages", count=9000), 5000))
    'a.pdf: its 9,000 pages are more than the limit of 5000; split it, or set YINJU_MAX_PAGES higher'
    """
    name = limit_variable(field)
    return YinjuError("file.beyond_limit", path=path, found=found, limit=limit, variable=name)


DEFAULT_REPORTS = Path("corpus/reports")
DEFAULT_INDEX = Path(".yinju")
# The name that asks for the embedded model where an index has another one.
DEFAULT_MODEL = "default"


@dataclass(frozen=True, slots=True)
class Config:
    """What a run is configured with."""

    index: Path
    """The index folder."""
    model: str | None
    """A name or path that sentence-transformers takes; None is the embedded default model."""
    cache: Path
    """The folder of prepared models and of jieba's dictionary cache."""
    reranker: str | None = None
    """The name or path of a cross-encoder that ranks the best passages anew; None is none."""
    limits: Limits = LIMITS
    """The largest file that is read."""
    reader: bool = True
    """Whether the reader reads the best passages; it goes with the default model only."""


def read_config(
    index: Path | None = None,
    model: str | None = None,
    reranker: str | None = None,
    env: Mapping[str, str] | None = None,
) -> Config:
    """Return the configuration: flags first, then the environment, then the defaults.

    The variables are `YINJU_INDEX`, `YINJU_MODEL`, `YINJU_RERANKER`, `YINJU_READER`, `YINJU_CACHE` and
    `YINJU_MAX_*`.

    Args:
        env: the environment; None for that of the process.

    Raises:
        YinjuError: a limit is not a whole number above zero.
    """
    env = os.environ if env is None else env
    return Config(
        index=index or Path(env.get("YINJU_INDEX") or DEFAULT_INDEX),
        model=model or env.get("YINJU_MODEL") or None,
        cache=Path(env["YINJU_CACHE"]) if env.get("YINJU_CACHE") else _user_cache(),
        reranker=reranker or env.get("YINJU_RERANKER") or None,
        limits=read_limits(env),
        reader=env.get("YINJU_READER") != "0",
    )


def _user_cache() -> Path:
    from platformdirs import user_cache_path

    return user_cache_path("yinju", appauthor=False)
