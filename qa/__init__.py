"""From a question to quotations: `open_index` is the way in.

`index.py` runs the stages of a question and times them. Imports indexer; nothing imports ui.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .index import Index

__all__ = ["open_index"]


def open_index(path: str | Path | None = None, model: str | None = None) -> Index:
    """Open an index for questions.

    Args:
        path: the folder of the index; by default `$YINJU_INDEX` or `.yinju`.
        model: the model that must have made it; by default any.

    Raises:
        YinjuError: there is no index, it is empty or damaged, or another version or model made it.
    """
    from indexer.config import read_config

    from .index import Index

    return Index.open(read_config(Path(path) if path is not None else None, model))
