"""Who waits for an answer, and when the server says that it is busy."""

from __future__ import annotations

import pytest

from indexer.errors import YinjuError
from indexer.messages import say
from qa.server.waiting import MOST, Line


def test_each_is_told_how_many_are_before_it() -> None:
    waiting = Line()
    assert [waiting.join(key) for key in "abc"] == [0, 1, 2]
    waiting.leave("a")
    waiting.leave("never there")
    assert waiting.join("d") == 2


def test_too_many_are_turned_away_in_words() -> None:
    waiting = Line()
    for number in range(MOST):
        waiting.join(str(number))
    with pytest.raises(YinjuError, match="the server is busy: 200 questions wait") as caught:
        waiting.join("one more")
    assert "200 个问题" in say(caught.value.message, "zh")
    waiting.leave("0")
    assert waiting.join("one more") == MOST - 1


def test_who_went_away_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    waiting, now = Line(), [100.0]
    monkeypatch.setattr("qa.server.waiting.time.monotonic", lambda: now[0])
    waiting.join("a")
    now[0] += 61
    assert waiting.join("b") == 0
