"""Indexing again: what is replaced, what stays, what is encoded anew."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from indexer.build import build_index
from indexer.config import Config
from indexer.errors import YinjuError
from indexer.parsed_report import PIPELINE
from indexer.store.snapshot import FORMAT, Snapshot, open_snapshot
from tests.conftest import FakeEncoder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    reports = tmp_path / "reports"
    reports.mkdir()
    (reports / "a.txt").write_text("一、蘋果\n\n蘋果的產量在增長。\n", encoding="utf-8")
    (reports / "b.txt").write_text("一、梨\n\n梨的價格在下降。\n", encoding="utf-8")
    return reports


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config(tmp_path / "index", None, tmp_path / "cache")


def names(snapshot: Snapshot) -> list[str]:
    return [Path(document.path).name for document in snapshot.catalogue.documents()]


def test_first_run_adds_all(folder: Path, config: Config, fake_encoder: FakeEncoder) -> None:
    summary = build_index(config, [folder])
    assert (summary.documents, summary.added, summary.unchanged) == (2, 2, 0)
    snapshot = open_snapshot(config.index)
    assert names(snapshot) == ["a.txt", "b.txt"]
    vectors = snapshot.vectors.rows(range(snapshot.vectors.size))
    expected = fake_encoder.encode_passages(snapshot.catalogue.window_texts())
    np.testing.assert_allclose(vectors, expected, atol=1e-3)


def test_second_run_changes_nothing(
    folder: Path, config: Config, fake_encoder: FakeEncoder
) -> None:
    build_index(config, [folder])
    name = open_snapshot(config.index).name
    summary = build_index(config, [folder])
    assert (summary.added, summary.updated, summary.unchanged) == (0, 0, 2)
    assert open_snapshot(config.index).name == name


def test_only_new_text_is_encoded(folder: Path, config: Config, fake_encoder: FakeEncoder) -> None:
    build_index(config, [folder])
    before = fake_encoder.encoded
    with (folder / "a.txt").open("a", encoding="utf-8") as file:
        file.write("\n桃的需求在上升。\n")
    summary = build_index(config, [folder])
    assert (summary.updated, summary.unchanged) == (1, 1)
    assert fake_encoder.encoded == before + 1


def test_naming_one_file_leaves_the_others(
    folder: Path, config: Config, fake_encoder: FakeEncoder
) -> None:
    build_index(config, [folder / "a.txt"])
    summary = build_index(config, [folder / "b.txt"])
    assert (summary.documents, summary.added) == (2, 1)


def test_a_file_that_is_gone_is_dropped_only_on_sync(
    folder: Path, config: Config, fake_encoder: FakeEncoder
) -> None:
    build_index(config, [folder])
    (folder / "a.txt").unlink()
    assert build_index(config, [folder]).documents == 2
    summary = build_index(config, [folder], sync=True)
    assert (summary.documents, summary.removed) == (1, 1)
    assert names(open_snapshot(config.index)) == ["b.txt"]


def test_a_file_that_cannot_be_read_is_named_and_its_old_version_stays(
    folder: Path, config: Config, fake_encoder: FakeEncoder
) -> None:
    build_index(config, [folder])
    (folder / "a.txt").write_bytes(b"")
    summary = build_index(config, [folder])
    assert [Path(failure.path).name for failure in summary.failed] == ["a.txt"]
    snapshot = open_snapshot(config.index)
    assert names(snapshot) == ["a.txt", "b.txt"]
    assert "蘋果的產量" in snapshot.catalogue.trail(0).text


def test_the_order_of_indexing_does_not_matter(
    folder: Path, config: Config, fake_encoder: FakeEncoder, tmp_path: Path
) -> None:
    build_index(config, [folder / "b.txt"])
    build_index(config, [folder / "a.txt"])
    at_once = Config(tmp_path / "other", None, tmp_path / "cache")
    build_index(at_once, [folder])
    first, second = open_snapshot(config.index), open_snapshot(at_once.index)
    assert first.catalogue.documents() == second.catalogue.documents()
    assert first.catalogue.window_texts() == second.catalogue.window_texts()
    rows = range(first.vectors.size)
    assert (first.vectors.rows(rows) == second.vectors.rows(rows)).all()


def test_a_parsed_report_comes_back_from_the_catalogue_as_it_was(
    folder: Path, config: Config, fake_encoder: FakeEncoder
) -> None:
    from indexer.report import parse_report

    build_index(config, [folder])
    assert open_snapshot(config.index).catalogue.report(1) == parse_report(folder / "b.txt")


def test_another_model_encodes_everything_again(
    folder: Path, config: Config, fake_encoder: FakeEncoder
) -> None:
    build_index(config, [folder])
    before = fake_encoder.encoded
    fake_encoder.identity = "fake-2"
    build_index(Config(config.index, "some/model", config.cache), [folder])
    manifest = open_snapshot(config.index).manifest
    assert (manifest.model, manifest.identity) == ("some/model", "fake-2")
    assert fake_encoder.encoded == 2 * before


def test_an_index_of_another_format_is_read_again_from_its_paths(
    folder: Path, config: Config, fake_encoder: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_index(config, [folder])
    monkeypatch.setattr("indexer.store.snapshot.FORMAT", FORMAT + 1)
    monkeypatch.setattr("indexer.build.FORMAT", FORMAT + 1)
    with pytest.raises(YinjuError, match=rf"format {FORMAT}.*yinju index --index"):
        open_snapshot(config.index)
    assert build_index(config, [folder / "b.txt"]).documents == 2


def test_no_report_at_all(tmp_path: Path, config: Config, fake_encoder: FakeEncoder) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(YinjuError, match="no report there"):
        build_index(config, [tmp_path / "empty"])
    assert not (config.index / "CURRENT").exists()


def test_a_file_and_a_link_to_it_are_one_document(
    folder: Path, config: Config, fake_encoder: FakeEncoder
) -> None:
    (folder / "link.txt").symlink_to(folder / "a.txt")
    assert build_index(config, [folder]).documents == 2
    assert names(open_snapshot(config.index)) == ["a.txt", "b.txt"]


def test_files_of_one_name_in_two_folders_stay_apart(
    tmp_path: Path, config: Config, fake_encoder: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.txt").write_text(f"{name}的蘋果。\n", encoding="utf-8")
        monkeypatch.chdir(tmp_path / name)
        build_index(config, [Path("a.txt")])
    paths = [document.path for document in open_snapshot(config.index).catalogue.documents()]
    assert paths == [str(tmp_path / "one/a.txt"), str(tmp_path / "two/a.txt")]


def test_an_older_pipeline_is_read_again_wherever_one_stands(
    folder: Path,
    config: Config,
    fake_encoder: FakeEncoder,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    build_index(config, [Path("reports")])
    monkeypatch.setattr("indexer.build.PIPELINE", PIPELINE + 1)
    monkeypatch.setattr("indexer.store.snapshot.PIPELINE", PIPELINE + 1)
    monkeypatch.chdir(folder)
    summary = build_index(config, [Path("a.txt")])
    assert (summary.documents, summary.updated, summary.failed) == (2, 2, ())


def test_a_name_that_is_no_text_is_named_and_the_rest_goes_on(
    folder: Path, config: Config, fake_encoder: FakeEncoder
) -> None:
    (folder / os.fsdecode(b"\xd6\xd0.txt")).write_text("桃。\n", encoding="utf-8")
    summary = build_index(config, [folder])
    assert summary.documents == 2
    assert len(summary.failed) == 1
    str(summary.failed[0].error).encode()
    assert summary.failed[0].error.code == "file.name_is_no_text"
