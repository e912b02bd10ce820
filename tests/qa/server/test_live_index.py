"""The index of a page: how far its model is, and what is said if it cannot be loaded."""

from __future__ import annotations

import time
from pathlib import Path
from threading import Event

import pytest

from indexer.errors import Progress, YinjuError
from indexer.messages import Message, message
from qa.server.live_index import LiveIndex
from tests.conftest import FakeEncoder

EXPORTING = message("stage.exporting")


def _until(live_index: LiveIndex, wanted: Message | None) -> None:
    for _ in range(500):
        if live_index.stage() == wanted:
            return
        time.sleep(0.01)
    raise AssertionError(f"never {wanted!r}")


def test_a_model_is_loaded_in_the_background_and_says_how_far_it_is(
    live_index: LiveIndex, fake_encoder: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = Event()

    def slow(model: str | None, cache: Path, notify: Progress) -> FakeEncoder:
        notify(EXPORTING)
        go_on.wait(10)
        return fake_encoder

    monkeypatch.setattr("qa.index.open_encoder", slow)
    assert live_index.stage() in (message("stage.opening"), EXPORTING)
    _until(live_index, EXPORTING)
    go_on.set()
    _until(live_index, None)
    assert live_index.current().ready


@pytest.mark.parametrize(
    "error", [YinjuError("model.no_folder", folder="x"), RuntimeError("of onnx")]
)
def test_a_model_that_cannot_be_loaded_says_why_and_is_not_tried_for_ever(
    live_index: LiveIndex, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    tried = []

    def broken(model: str | None, cache: Path, notify: Progress) -> None:
        tried.append(model)
        raise error

    monkeypatch.setattr("qa.index.open_encoder", broken)
    for _ in range(3):
        with pytest.raises(YinjuError, match=r"[Tt]h[a-z ]* model"):
            _until(live_index, None)
    assert len(tried) == 1
