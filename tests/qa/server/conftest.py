"""An index for tests of what runs beside the page."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.build import build_index
from indexer.config import Config
from qa.server.live_index import LiveIndex
from tests.conftest import FakeEncoder


@pytest.fixture
def live_index(fake_encoder: FakeEncoder, tmp_path: Path) -> LiveIndex:
    """The index of one report of one sentence."""
    file = tmp_path / "r.txt"
    file.write_text("苔原站在2021年测得苔藓厚度为九厘米。\n", encoding="utf-8")
    config = Config(tmp_path / "index", None, tmp_path, reader=False)
    build_index(config, [file])
    return LiveIndex(config)
