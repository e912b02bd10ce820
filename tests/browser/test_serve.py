"""What `serve` refuses, and the endpoints that programs call."""

from __future__ import annotations

import socket
from typing import Any

import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError

from indexer.errors import YinjuError
from qa.index import Index
from qa.live import LiveIndex
from qa.page import Turn
from qa.reading import Place

from .serving import HOST

PATH = "corpus/reports/ev-charging.md"


def test_a_port_in_use_is_named(corpus_index: Index) -> None:
    from ui import serve

    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        with pytest.raises(YinjuError, match=r"^cannot listen on .*: .*in use; .*--port") as raised:
            serve(LiveIndex.of(corpus_index), HOST, taken.getsockname()[1])
    assert "\n" not in str(raised.value)


def test_an_address_of_another_machine_is_refused(corpus_index: Index) -> None:
    from ui import serve

    with pytest.raises(YinjuError, match="--host"):
        serve(
            LiveIndex.of(corpus_index), "192.0.2.1", 7860
        )  # reserved for documentation (RFC 5737)


def test_a_question_that_fails_does_not_wait_for_ever(
    corpus_index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ui.asking import Handlers

    handlers, turns = Handlers(LiveIndex.of(corpus_index)), [Turn("问一"), Turn("问二")]
    with monkeypatch.context() as patch:
        patch.setattr(corpus_index, "ask", lambda *args, **kwargs: 1 // 0)
        with pytest.raises(ZeroDivisionError):
            next(handlers.on_turn(turns, "zh"))
    assert [turn.waits for turn in turns] == [False, True]
    assert handlers.on_failure(turns, None, "zh").count('role="alert"') == 1
    next(handlers.on_turn(turns, "zh"))
    assert [bool(turn.answer) for turn in turns] == [False, True]


def test_a_conversation_cleared_during_an_answer_stays_clear(
    corpus_index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ui.asking import Handlers

    handlers, turns = Handlers(LiveIndex.of(corpus_index)), [Turn("冷库容量有多大？")]
    ask = corpus_index.ask

    def clear_and_ask(*args: Any, **kwargs: Any) -> Any:
        handlers.on_clear(turns, "zh")
        return ask(*args, **kwargs)

    monkeypatch.setattr(corpus_index, "ask", clear_and_ask)
    ((place, *_),) = handlers.on_turn(turns, "zh")
    assert not turns
    assert not isinstance(place, Place)


@pytest.mark.browser
def test_programs_ask_search_and_read(address: str) -> None:
    client = Client(address, verbose=False)
    endpoints: dict[str, Any] = client.view_api(return_format="dict", print_info=False)
    assert set(endpoints["named_endpoints"]) == {"/ask", "/search", "/read", "/reports"}
    paths = [one["document"] for one in client.predict(api_name="/reports")]
    path = next(p for p in paths if p.endswith(PATH))
    answer = client.predict("2021年公共桩有多少万台？", api_name="/ask")
    (citation,) = answer["citations"]
    assert citation["document"] == path
    found = client.predict("公共桩", 3, api_name="/search")
    assert len(found) == 3
    read = client.predict(path, citation["start"], citation["end"], api_name="/read")
    assert read["quote"] == citation["quote"]
    assert read["quote"] in read["section"]
    with pytest.raises(AppError, match="no such report"):
        client.predict("/etc/passwd", 0, 5, api_name="/read")
    with pytest.raises(AppError, match="the question is empty"):
        client.predict(" ", api_name="/ask")
