"""The configuration: one frozen value, read from flags and `YINJU_*` variables in one place."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .limits import LIMITS, Limits, read_limits

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
