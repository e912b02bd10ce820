"""Titles and tags that a user gives to reports."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.build import build_index
from indexer.config import Config
from indexer.errors import YinjuError
from indexer.store.titles_and_tags import (
    read_titles_and_tags,
    set_property,
    set_tags,
    set_title,
    titles_and_tags_file,
)
from qa.server.live_index import LiveIndex
from tests.conftest import FakeEncoder


@pytest.fixture
def live(tmp_path: Path, fake_encoder: FakeEncoder) -> LiveIndex:
    config = Config(tmp_path / "index", None, tmp_path / "cache")
    (tmp_path / "a.txt").write_text(
        "苹果报告\n\n一、苹果\n\n苹果的产量在增长。\n", encoding="utf-8"
    )
    build_index(config, [tmp_path / "a.txt"])
    return LiveIndex(config)


def test_a_title_and_tags_are_shown_at_once_and_outlast_reindexing(
    live: LiveIndex, tmp_path: Path
) -> None:
    (document,) = live.current().documents()
    assert (document.title, document.tags) == ("苹果报告", ())
    set_title(live.folder, document.resolved, "  水果\n年报 ")
    set_tags(live.folder, document.resolved, ["农业", " 农业", "", "2023  年"])
    (document,) = live.current().documents()
    assert (document.title, document.tags) == ("水果 年报", ("农业", "2023 年"))
    (tmp_path / "a.txt").write_text("苹果报告\n\n一、苹果\n\n苹果降价。\n", encoding="utf-8")
    build_index(live.config, [tmp_path / "a.txt"])
    (document,) = live.current().documents()
    assert document.title == "水果 年报"
    set_title(live.folder, document.resolved, " ")
    set_tags(live.folder, document.resolved, [])
    (document,) = live.current().documents()
    assert (document.title, document.tags) == ("苹果报告", ())


def test_a_property_is_mended_and_restored(live: LiveIndex) -> None:
    (document,) = live.current().documents()
    set_property(live.folder, document.resolved, "names", " 红富士, 国光 ")
    set_property(live.folder, document.resolved, "place", "烟台市")
    (mended,) = live.current().documents()
    assert [(p.name, p.value, p.source) for p in mended.about] == [
        ("names", "红富士, 国光", "user"),
        ("place", "烟台市", "user"),
    ]
    build_index(live.config, [Path(document.resolved)])
    set_property(live.folder, document.resolved, "names", "")
    (restored,) = live.current().documents()
    assert [p.name for p in restored.about] == ["place"]


def test_too_many_tags_are_refused(tmp_path: Path) -> None:
    with pytest.raises(YinjuError, match="found 21 tags"):
        set_tags(tmp_path, "a", [str(n) for n in range(21)])
    assert not titles_and_tags_file(tmp_path).exists()


def test_a_damaged_file_is_named_and_left(tmp_path: Path) -> None:
    titles_and_tags_file(tmp_path).write_text("{", encoding="utf-8")
    with pytest.raises(YinjuError, match=r"shelf\.json: is damaged"):
        read_titles_and_tags(tmp_path)
    with pytest.raises(YinjuError, match="is damaged"):
        set_title(tmp_path, "a", "b")
    assert titles_and_tags_file(tmp_path).read_text(encoding="utf-8") == "{"
