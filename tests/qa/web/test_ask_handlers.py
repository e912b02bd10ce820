"""What the tab for questions does, without a browser: stop, busy, where a question is asked."""

from __future__ import annotations

import gradio as gr
import pytest

from qa.index import Index
from qa.server import question_queue
from qa.server.live_index import LiveIndex
from qa.server.scope import select_documents
from qa.server.turn import Turn
from qa.web.ask_handlers import AskHandlers

QUESTION = "2021年公共桩有多少万台？"


def _event(**data: object) -> gr.EventData:
    return gr.EventData(None, data)


def _asked(**question: object) -> gr.EventData:
    return _event(asked=[question])


@pytest.fixture
def handlers(corpus_index: Index) -> AskHandlers:
    return AskHandlers(LiveIndex.from_index(corpus_index))


def test_a_question_that_is_stopped_is_not_answered_after_all(
    handlers: AskHandlers, corpus_index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns = [Turn(QUESTION, key="a"), Turn(QUESTION, key="b")]
    ask = corpus_index.ask

    def stop_and_ask(*args: object, **kwargs: object) -> object:
        handlers.on_stop(turns, None, "zh", _event(key="a"))
        return ask(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(corpus_index, "ask", stop_and_ask)
    list(handlers.on_turn(turns, "zh"))
    assert turns[0].answer is None
    assert "已停止，没有作答。" in handlers.show(turns, None, "zh")[0]
    assert "Stopped; there is no answer." in handlers.show(turns, None, "en")[0]
    assert turns[1].answer is not None


def test_stop_leaves_what_is_answered(handlers: AskHandlers) -> None:
    turns = [Turn(QUESTION, key="a")]
    list(handlers.on_turn(turns, "zh"))
    handlers.on_stop(turns, None, "zh", _event(key="a"))
    handlers.on_stop(turns, None, "zh", _event(key=None))
    assert turns[0].answer is not None


def test_a_busy_server_says_so_and_offers_another_try(
    handlers: AskHandlers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(question_queue, "MAX_WAITING", 1)
    turns: list[Turn] = []
    for key in ("a", "b"):
        shown = handlers.on_question(
            turns, None, "zh", 0.3, None, _asked(question=QUESTION, key=key)
        )
    assert [turn.is_waiting for turn in turns] == [True, False]
    assert "重试" in shown
    list(handlers.on_turn(turns, "zh"))
    handlers.on_question(turns, None, "zh", 0.3, None, _asked(question=QUESTION, key="c"))
    assert turns[2].is_waiting


def test_those_before_it_are_counted(handlers: AskHandlers) -> None:
    handlers.queue.join("of another user")
    turns: list[Turn] = []
    shown = handlers.on_question(turns, None, "zh", 0.3, None, _asked(question="问", key="k"))
    assert "前面还有 1 个问题" in shown


def test_what_a_button_says_goes_before_the_controls(handlers: AskHandlers) -> None:
    turns: list[Turn] = []
    sent = _asked(question="问", key="k", threshold=0.2, scope=[])
    handlers.on_question(turns, None, "zh", 0.6, ["tag:x"], sent)
    handlers.on_question(turns, None, "zh", 0.6, ["tag:x"], _asked(question="问", key="l"))
    assert [(turn.threshold, turn.scope) for turn in turns] == [(0.2, ()), (0.6, ("tag:x",))]


@pytest.mark.parametrize("threshold", ["much", -1, 7, [0.3], True])
def test_a_threshold_that_is_none_is_refused_in_words(
    handlers: AskHandlers, threshold: object
) -> None:
    turns: list[Turn] = []
    sent = _asked(question="问", key="k", threshold=threshold)
    shown = handlers.on_question(turns, None, "zh", 0.3, None, sent)
    assert not turns[0].is_waiting
    assert "0 到 1" in shown


def test_what_a_browser_sends_may_be_anything(handlers: AskHandlers) -> None:
    turns: list[Turn] = []
    for sent in (None, "x", [], [None], ["x"], [{}], [{"question": " "}], {"question": "问"}):
        handlers.on_question(turns, None, "zh", 0.3, None, _event(asked=sent))
    assert not turns


def test_questions_keep_their_order_and_are_asked_once(handlers: AskHandlers) -> None:
    turns: list[Turn] = []
    asked = [{"question": f"问{n}", "key": str(n)} for n in range(5)]
    for _ in range(2):
        handlers.on_question(turns, None, "zh", 0.3, None, _event(asked=asked))
    assert [turn.question for turn in turns] == ["问0", "问1", "问2", "问3", "问4"]


def test_a_conversation_and_its_questions_have_bounds(handlers: AskHandlers) -> None:
    turns: list[Turn] = []
    keyless = [{"question": "冷"}] * 100
    many = [{"question": "冷" * 9000 + "\ud83d", "key": f"{n}\ud83d"} for n in range(100)]
    for asked in (keyless, many):
        shown = handlers.on_question(turns, None, "zh", 0.3, None, _event(asked=asked))
    assert len(turns) == 30
    assert max(len(turn.question) for turn in turns) == 5000
    assert shown.encode()


def test_words_that_are_typed_choose_by_title(corpus_index: Index) -> None:
    documents = corpus_index.documents()
    (charging,) = select_documents(documents, ["充电"]) or ()
    assert "充电" in documents[charging].title
    assert select_documents(documents, ["tag:gone", "report:gone.txt"]) == frozenset()
