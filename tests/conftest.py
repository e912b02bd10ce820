"""What several test modules share."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.config import read_config
from indexer.encoder import open_encoder


@pytest.fixture(scope="session")
def model_cache() -> Path:
    """The user's cache (or YINJU_CACHE) with the default model prepared in it."""
    cache = read_config().cache
    open_encoder(None, cache)
    return cache
