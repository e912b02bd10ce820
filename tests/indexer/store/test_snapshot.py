"""Snapshots: whole or not there, and damage is named."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from indexer.build import build_index
from indexer.config import Config
from indexer.errors import YinjuError
from indexer.store.snapshot import KEEP, open_snapshot, verify, writer_lock
from tests.conftest import FakeEncoder


@pytest.fixture
def config(tmp_path: Path, fake_encoder: FakeEncoder) -> Config:
    config = Config(tmp_path / "index", None, tmp_path / "cache")
    (tmp_path / "a.txt").write_text("蘋果的產量在增長。\n", encoding="utf-8")
    build_index(config, [tmp_path / "a.txt"])
    return config


def current(config: Config) -> Path:
    return config.index / "snapshots" / (config.index / "CURRENT").read_text(encoding="utf-8")


def edit_manifest(config: Config, **values: object) -> None:
    path = current(config) / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**manifest, **values}), encoding="utf-8")


def test_no_index(tmp_path: Path) -> None:
    with pytest.raises(YinjuError, match="no index there; make one with: yinju index"):
        open_snapshot(tmp_path / "nothing")


@pytest.mark.parametrize("name", ["catalogue.sqlite", "vectors.faiss", "manifest.json"])
def test_a_missing_file_is_named(config: Config, name: str) -> None:
    (current(config) / name).unlink()
    with pytest.raises(YinjuError, match="damaged"):
        open_snapshot(config.index)


@pytest.mark.parametrize("name", ["catalogue.sqlite", "vectors.faiss"])
def test_a_truncated_file_is_named(config: Config, name: str) -> None:
    path = current(config) / name
    os.truncate(path, path.stat().st_size // 2)
    with pytest.raises(YinjuError, match=f"{name} has .* bytes and should have"):
        open_snapshot(config.index)


@pytest.mark.parametrize("name", ["catalogue.sqlite", "vectors.faiss"])
def test_garbage_of_the_right_size_is_refused(config: Config, name: str) -> None:
    path = current(config) / name
    path.write_bytes(b"\xff" * path.stat().st_size)
    with pytest.raises(YinjuError, match="damaged"):
        open_snapshot(config.index)
    with pytest.raises(YinjuError, match=f"{name} is not what was written"):
        verify(config.index)


def test_counts_that_disagree_are_named(config: Config) -> None:
    edit_manifest(config, windows=7)
    with pytest.raises(YinjuError, match="windows in the catalogue, expected 7"):
        open_snapshot(config.index)


@pytest.mark.parametrize("pointer", ["", "../../etc", "000009", ".unfinished-1"])
def test_a_pointer_to_nothing(config: Config, pointer: str) -> None:
    (config.index / "CURRENT").write_text(pointer, encoding="utf-8")
    with pytest.raises(YinjuError, match="damaged"):
        open_snapshot(config.index)


def test_a_whole_snapshot_verifies(config: Config) -> None:
    verify(config.index)


def test_a_killed_writer_leaves_the_old_snapshot(
    config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = open_snapshot(config.index).name

    def killed(*args: object) -> None:
        raise KeyboardInterrupt

    (tmp_path / "b.txt").write_text("梨的價格在下降。\n", encoding="utf-8")
    for step in ("write_bm25", "write_vectors", "_write_synced"):
        with monkeypatch.context() as patch:
            patch.setattr(f"indexer.store.snapshot.{step}", killed)
            with pytest.raises(KeyboardInterrupt):
                build_index(config, [tmp_path / "b.txt"])
        assert open_snapshot(config.index).name == before
    assert build_index(config, [tmp_path / "b.txt"]).documents == 2
    left = [path.name for path in (config.index / "snapshots").iterdir()]
    assert not any(name.startswith(".") for name in left)


def test_an_open_snapshot_survives_the_next_ones(config: Config, tmp_path: Path) -> None:
    old = open_snapshot(config.index)
    for number in range(KEEP + 1):
        (tmp_path / "a.txt").write_text(f"第{number}版蘋果的產量在增長。\n", encoding="utf-8")
        build_index(config, [tmp_path / "a.txt"])
    assert "蘋果的產量" in old.catalogue.trail(0).text
    assert old.lexical.search(["产量"], 5)
    assert len(list((config.index / "snapshots").iterdir())) == KEEP


def test_one_writer_at_a_time(config: Config) -> None:
    with writer_lock(config.index), pytest.raises(YinjuError, match="another process is indexing"):
        build_index(config, [])


def test_an_index_can_be_moved(config: Config, tmp_path: Path) -> None:
    shutil.move(config.index, tmp_path / "moved")
    assert open_snapshot(tmp_path / "moved").manifest.documents == 1
