"""The snapshots of an index: listed, rolled back to, and written without a report."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from indexer.build import build_index
from indexer.config import Config
from indexer.errors import YinjuError
from indexer.store.history import list_snapshots, remove_documents, roll_back
from indexer.store.snapshot import open_snapshot
from tests.conftest import FakeEncoder


@pytest.fixture
def config(tmp_path: Path, fake_encoder: FakeEncoder) -> Config:
    """An index of two reports, written one after the other."""
    config = Config(tmp_path / "index", None, tmp_path / "cache")
    for name, text in (
        ("a.txt", "一、苹果\n\n苹果的产量在增长。\n"),
        ("b.txt", "一、梨\n\n梨的价格在下降。\n"),
    ):
        (tmp_path / name).write_text(text, encoding="utf-8")
        build_index(config, [tmp_path / name])
    return config


def _paths(config: Config) -> list[str]:
    return [Path(d.path).name for d in open_snapshot(config.index).catalogue.documents()]


def test_going_back_and_forth(config: Config) -> None:
    snapshots = list_snapshots(config.index)
    assert [(info.name, info.documents, info.current) for info in snapshots] == [
        ("000002", 2, True),
        ("000001", 1, False),
    ]
    roll_back(config.index, "000001")
    assert _paths(config) == ["a.txt"]
    roll_back(config.index, "000002")
    assert _paths(config) == ["a.txt", "b.txt"]


@pytest.mark.parametrize("name", ["000009", "", "../000001"])
def test_only_a_kept_snapshot_can_be_gone_back_to(config: Config, name: str) -> None:
    with pytest.raises(YinjuError, match="expected one of 000002, 000001"):
        roll_back(config.index, name)
    assert _paths(config) == ["a.txt", "b.txt"]


def test_a_damaged_snapshot_is_not_gone_back_to(config: Config) -> None:
    (config.index / "snapshots/000001/vectors.faiss").unlink()
    with pytest.raises(YinjuError, match="damaged"):
        roll_back(config.index, "000001")
    assert _paths(config) == ["a.txt", "b.txt"]


def test_a_report_is_removed_and_the_rest_is_as_it_was(config: Config) -> None:
    before = open_snapshot(config.index)
    first, second = before.catalogue.documents()
    assert remove_documents(config.index, {first.path}) == 1
    after = open_snapshot(config.index)
    assert _paths(config) == ["b.txt"]
    assert after.catalogue.report(0 if second.id == 1 else 1) == before.catalogue.report(second.id)
    windows = before.membership.windows_in([second.id])
    assert np.array_equal(
        after.vectors.rows(range(len(windows))), before.vectors.rows(windows.tolist())
    )
    roll_back(config.index, before.name)
    assert _paths(config) == ["a.txt", "b.txt"]
    assert Path(first.path).exists()


def test_a_report_that_is_not_there_is_named(config: Config) -> None:
    with pytest.raises(YinjuError, match=r"c\.txt: the index has no such report"):
        remove_documents(config.index, {"c.txt"})


def test_what_an_older_pipeline_read_stays_marked_so(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    manifest = open_snapshot(config.index).manifest
    monkeypatch.setattr("indexer.store.snapshot.PIPELINE", manifest.pipeline + 1)
    first = open_snapshot(config.index).catalogue.documents()[0]
    remove_documents(config.index, {first.path})
    assert open_snapshot(config.index).manifest.pipeline == manifest.pipeline
