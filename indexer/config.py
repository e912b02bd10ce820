"""The configuration: one frozen value, read from flags and `YINJU_*` variables in one place."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path

from .errors import YinjuError
from .messages import Message


@dataclass(frozen=True, slots=True)
class Limits:
    """The largest file that is read. Each can be set by a variable, as `YINJU_MAX_FILE_MB`.

    file_mb: a file on disk, in MB of 2**20 bytes. chars: a report's text; 1,000 pages are about 1
    million characters. unpacked_mb: all parts of a .docx, .xlsx or .pptx together; one full of
    pictures stays below, and a zip bomb of a few hundred KB does not. part_mb: one of its parts of
    XML, whose tree takes about seven times as much memory; 2 million cells are about 100 MB.
    cells: of a workbook or CSV
    that hold something, rows likewise: a row is a passage, of which the encoder reads about 170 a
    second. pages: of a PDF. depth: HTML elements inside one another.
    """

    file_mb: int = 200
    chars: int = 20_000_000
    unpacked_mb: int = 500
    part_mb: int = 150
    rows: int = 200_000
    cells: int = 2_000_000
    pages: int = 5_000
    depth: int = 1_000


LIMITS = Limits()


def variable(field: str) -> str:
    """The variable that sets a limit.

    >>> variable("file_mb")
    'YINJU_MAX_FILE_MB'
    """
    return f"YINJU_MAX_{field.upper()}"


def read_limits(env: Mapping[str, str]) -> Limits:
    """The defaults, less what variables say otherwise.

    Raises:
        YinjuError: a variable is no number above zero.
    """
    given = {}
    for field in fields(Limits):
        name = variable(field.name)
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
        field: the limit's name. found: how large the file is, a message of the group "size".

    >>> from indexer.messages import message
    >>> str(beyond_limit(Path("a.pdf"), "pages", message("size.pages", count=9000), 5000))
    'a.pdf: its 9,000 pages are more than the limit of 5000; split it, or set YINJU_MAX_PAGES higher'
    """
    name = variable(field)
    return YinjuError("file.beyond_limit", path=path, found=found, limit=limit, variable=name)


DEFAULT_REPORTS = Path("corpus/reports")
DEFAULT_INDEX = Path(".yinju")
# The name by which a user asks for the embedded model where an index has another.
DEFAULT_MODEL = "default"


@dataclass(frozen=True, slots=True)
class Config:
    """What a run needs to know.

    index: the folder of snapshots.
    model: a name or path that sentence-transformers takes; None is the embedded default model.
    reranker: a cross-encoder by name or path, which ranks the best passages anew; None is none.
    cache: where prepared models and jieba's dictionary cache lie.
    limits: what a file may cost to read.
    """

    index: Path
    model: str | None
    cache: Path
    reranker: str | None = None
    limits: Limits = LIMITS


def read_config(
    index: Path | None = None,
    model: str | None = None,
    reranker: str | None = None,
    env: Mapping[str, str] | None = None,
) -> Config:
    """Flags first, then `YINJU_INDEX`, `YINJU_MODEL`, `YINJU_RERANKER`, `YINJU_CACHE` and
    `YINJU_MAX_*`, then the defaults.

    Raises:
        YinjuError: a limit is no number.
    """
    env = os.environ if env is None else env
    return Config(
        index=index or Path(env.get("YINJU_INDEX") or DEFAULT_INDEX),
        model=model or env.get("YINJU_MODEL") or None,
        cache=Path(env["YINJU_CACHE"]) if env.get("YINJU_CACHE") else _user_cache(),
        reranker=reranker or env.get("YINJU_RERANKER") or None,
        limits=read_limits(env),
    )


def _user_cache() -> Path:
    from platformdirs import user_cache_path

    return user_cache_path("yinju", appauthor=False)
