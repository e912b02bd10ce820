"""Reports indexed in the background, and the index that is always the current one."""

from __future__ import annotations

from pathlib import Path
from threading import Event

import pytest

import qa.server.indexing_jobs
from indexer.build import Summary
from indexer.config import Config
from indexer.errors import YinjuError
from indexer.store.history import list_snapshots, remove_documents
from qa.server.indexing_jobs import IndexingJobs, save_uploads, to_safe_name
from qa.server.live_index import LiveIndex
from tests.conftest import FakeEncoder


@pytest.fixture
def config(tmp_path: Path, fake_encoder: FakeEncoder) -> Config:
    return Config(tmp_path / "index", None, tmp_path / "cache")


def _report(path: Path, text: str = "一、苹果\n\n苹果的产量在增长。\n") -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_batches_are_indexed_one_after_the_other(config: Config, tmp_path: Path) -> None:
    jobs, live_index = IndexingJobs(config), LiveIndex(config)
    with pytest.raises(YinjuError, match="no index there"):
        live_index.current()
    for name in ("a.txt", "b.txt"):
        jobs.add([_report(tmp_path / name)])
    jobs.wait()
    assert [(job.state, job.summary and job.summary.added) for job in jobs.all()] == [
        ("done", 1),
        ("done", 1),
    ]
    assert not jobs.busy()
    assert len(live_index.current().documents()) == 2


def test_what_cannot_be_read_fails_alone(config: Config, tmp_path: Path) -> None:
    jobs = IndexingJobs(config)
    jobs.add([_report(tmp_path / "a.txt", " ")])
    jobs.add([_report(tmp_path / "a.txt", " "), _report(tmp_path / "b.txt")])
    jobs.wait()
    first, second = jobs.all()
    assert (first.state, second.state) == ("failed", "done")
    assert "holds no text" in str(first.error)
    assert second.summary is not None
    assert len(second.summary.failed) == 1


def test_a_job_that_is_cancelled_leaves_the_index_as_it_was(
    config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs = IndexingJobs(config)
    jobs.add([_report(tmp_path / "a.txt")])
    jobs.wait()
    began, go_on = Event(), Event()

    def slow(config: Config, paths: list[Path], **given: object) -> Summary:
        began.set()
        assert go_on.wait(10)
        return real(config, paths, **given)

    real = qa.server.indexing_jobs.build_index
    monkeypatch.setattr(qa.server.indexing_jobs, "build_index", slow)
    running = jobs.add([_report(tmp_path / "b.txt")])
    waiting = jobs.add([_report(tmp_path / "c.txt")])
    assert began.wait(10)
    jobs.cancel(running.id)
    jobs.cancel(waiting.id)
    go_on.set()
    jobs.wait()
    assert [job.state for job in jobs.all()] == ["done", "cancelled", "cancelled"]
    assert len(list_snapshots(config.index)) == 1


def test_an_unforeseen_error_does_not_run_for_ever(
    config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(qa.server.indexing_jobs, "build_index", lambda *args, **kwargs: 1 // 0)
    jobs = IndexingJobs(config)
    jobs.add([_report(tmp_path / "a.txt")])
    jobs.wait()
    assert [job.state for job in jobs.all()] == ["failed"]


def test_the_current_index_is_opened_anew_with_the_same_model(
    config: Config, tmp_path: Path
) -> None:
    jobs, live_index = IndexingJobs(config), LiveIndex(config)
    jobs.add([_report(tmp_path / "a.txt"), _report(tmp_path / "b.txt")])
    jobs.wait()
    before = live_index.current()
    assert live_index.current() is before
    encoder = before.encoder
    remove_documents(config.index, {before.documents()[0].path})
    after = live_index.current()
    assert after is not before
    assert after.encoder is encoder
    assert (len(before.documents()), len(after.documents())) == (2, 1)


def test_uploads_are_kept_under_safe_names(tmp_path: Path) -> None:
    sent = tmp_path / "sent"
    sent.mkdir()
    for text in ("一", "二"):
        kept = save_uploads(tmp_path / "index", [_report(sent / "年报:1.txt", text)], 1)
    assert [path.relative_to(tmp_path).as_posix() for path in kept] == ["index/uploads/年报_1.txt"]
    assert kept[0].read_text(encoding="utf-8") == "二"
    assert [path.name for path in kept[0].parent.iterdir()] == ["年报_1.txt"]


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["a.txt", "b.exe"], r"b\.exe: is of a kind that is not read; expected"),
        ([f"{n}.txt" for n in range(201)], "found 201 files, expected 200 at most"),
    ],
)
def test_uploads_that_are_refused_keep_none(tmp_path: Path, names: list[str], message: str) -> None:
    files = [_report(tmp_path / name) for name in names]
    with pytest.raises(YinjuError, match=message):
        save_uploads(tmp_path / "index", files, 1)
    assert not (tmp_path / "index").exists()


def test_an_upload_that_is_too_large_is_named(tmp_path: Path) -> None:
    file = _report(tmp_path / "a.txt", "大" * 400_000)
    with pytest.raises(YinjuError, match="is larger than 1 MB"):
        save_uploads(tmp_path / "index", [file], 1)


@pytest.mark.parametrize("name", ["../../a.txt", "a\x00b.txt", "..", "CON:.txt", "/etc/passwd"])
def test_no_name_leaves_the_folder(name: str) -> None:
    assert Path(to_safe_name(name)).name == to_safe_name(name)
    assert to_safe_name(name) not in ("", ".", "..")
