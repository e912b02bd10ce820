"""The questions that wait: how many are ahead, and when the server is busy."""

from __future__ import annotations

import pytest

from indexer.errors import YinjuError
from indexer.messages import say
from qa.server.question_queue import MAX_WAITING, QuestionQueue


def test_join_counts_the_questions_ahead() -> None:
    queue = QuestionQueue()
    assert [queue.join(key) for key in "abc"] == [0, 1, 2]
    queue.leave("a")
    queue.leave("never there")
    assert queue.join("d") == 2


def test_a_full_queue_is_an_error_in_words() -> None:
    queue = QuestionQueue()
    for number in range(MAX_WAITING):
        queue.join(str(number))
    with pytest.raises(YinjuError, match="the server is busy: 200 questions wait") as caught:
        queue.join("one more")
    assert "200 个问题" in say(caught.value.message, "zh")
    queue.leave("0")
    assert queue.join("one more") == MAX_WAITING - 1


def test_a_question_expires_when_its_browser_went_away(monkeypatch: pytest.MonkeyPatch) -> None:
    queue, now = QuestionQueue(), [100.0]
    monkeypatch.setattr("qa.server.question_queue.time.monotonic", lambda: now[0])
    queue.join("a")
    now[0] += 61
    assert queue.join("b") == 0
