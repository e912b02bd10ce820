"""What `serve` refuses, and the endpoints that programs call."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.error import HTTPError
from urllib.request import ProxyHandler, Request, build_opener

import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError

from indexer.errors import YinjuError
from qa.context import Place
from qa.index import Index
from qa.server.live_index import LiveIndex
from qa.server.turn import Turn

from .serving import HOST, serving

PATH = "corpus/reports/ev-charging.md"


def test_a_port_in_use_is_named(corpus_index: Index) -> None:
    from ui import serve

    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        with pytest.raises(YinjuError, match=r"^cannot listen on .*: .*in use; .*--port") as raised:
            serve(LiveIndex.from_index(corpus_index), HOST, taken.getsockname()[1])
    assert "\n" not in str(raised.value)


def test_an_address_of_another_machine_is_refused(corpus_index: Index) -> None:
    from ui import serve

    with pytest.raises(YinjuError, match="--host"):
        serve(
            LiveIndex.from_index(corpus_index), "192.0.2.1", 7860
        )  # reserved for documentation (RFC 5737)


def test_a_question_that_fails_does_not_wait_for_ever(
    corpus_index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    from qa.web.ask_handlers import AskHandlers

    handlers, turns = AskHandlers(LiveIndex.from_index(corpus_index)), [Turn("问一"), Turn("问二")]
    with monkeypatch.context() as patch:
        patch.setattr(corpus_index, "ask", lambda *args, **kwargs: 1 // 0)
        with pytest.raises(ZeroDivisionError):
            next(handlers.on_turn(turns, "zh"))
    assert [turn.is_waiting for turn in turns] == [False, True]
    assert handlers.on_failure(turns, None, "zh").count('role="alert"') == 1
    next(handlers.on_turn(turns, "zh"))
    assert [bool(turn.answer) for turn in turns] == [False, True]


def test_a_conversation_cleared_during_an_answer_stays_clear(
    corpus_index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    from qa.web.ask_handlers import AskHandlers

    handlers, turns = AskHandlers(LiveIndex.from_index(corpus_index)), [Turn("冷库容量有多大？")]
    ask = corpus_index.ask

    def clear_and_ask(*args: Any, **kwargs: Any) -> Any:
        monkeypatch.setattr(corpus_index, "ask", ask)
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


@pytest.fixture(scope="module")
def tools(corpus_index: Index, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The page with its functions as MCP tools."""
    log = tmp_path_factory.mktemp("mcp") / "log.txt"
    with serving(corpus_index.config.index, log, "--mcp") as address:
        yield address


def test_an_assistant_calls_the_tools(tools: str) -> None:
    """A real MCP client lists the tools, asks, and reads what was cited."""
    from mcp import ClientSession
    from mcp.client.streamable_http import streamablehttp_client

    async def talk() -> tuple[dict[str, list[str]], list[str]]:
        async with (
            streamablehttp_client(f"{tools}gradio_api/mcp/") as (read, write, _),
            ClientSession(read, write) as session,
        ):
            await session.initialize()
            listed = (await session.list_tools()).tools
            said = []
            for name, given in (
                ("ask", {"question": "2021年公共桩有多少万台？"}),
                ("search", {"query": "冷藏车", "k": 2, "reports": ["corpus/reports/none.pdf"]}),
                ("reports", {}),
            ):
                content = (await session.call_tool(name, given)).content[0]
                said.append(content.text if content.type == "text" else "")
            return {tool.name: sorted(tool.inputSchema["properties"]) for tool in listed}, said

    # In a thread of its own: the browser's tests leave a running loop in this one.
    with ThreadPoolExecutor(1) as pool:
        found, (answer, refused, reports) = pool.submit(lambda: asyncio.run(talk())).result()
    assert found == {
        "ask": ["history", "language", "question", "reports", "threshold"],
        "search": ["k", "query", "reports"],
        "read": ["document", "end", "start"],
        "reports": [],
    }
    assert "| 2021 | 114 |" in answer
    assert "the index has no such report" in refused
    assert "cold-chain.pdf" in reports


def test_any_program_calls_over_http(tools: str) -> None:
    """As curl would: a call gives an event's id, under which the answer is streamed."""
    asked = Request(
        f"{tools}gradio_api/call/search",
        json.dumps({"data": ["冷藏车", 2, None]}).encode(),
        {"Content-Type": "application/json"},
    )
    opener = build_opener(ProxyHandler({}))
    with opener.open(asked) as response:
        event = json.load(response)["event_id"]
    with opener.open(f"{tools}gradio_api/call/search/{event}") as response:
        told = response.read().decode()
    (passages,) = json.loads(told.partition("data: ")[2])
    assert len(passages) == 2
    assert "冷藏车" in passages[0]["text"]


@pytest.mark.parametrize(
    "path",
    ["/etc/passwd", "pyproject.toml", "../pyproject.toml", "indexer/build.py", ".yinju/CURRENT"],
)
def test_no_file_of_the_machine_is_given_out(tools: str, path: str) -> None:
    for shape in ("gradio_api/file={}", "file={}", "gradio_api/file/{}", "static/{}"):
        opener = build_opener(ProxyHandler({}))
        with pytest.raises(HTTPError) as refused:
            opener.open(tools + shape.format(path))
        assert refused.value.code in (403, 404)


def test_without_the_package_the_extra_is_named(
    corpus_index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ui import serve

    monkeypatch.setattr("ui.find_spec", lambda name: None)
    with pytest.raises(YinjuError, match=r"pip install 'yinju\[mcp\]'"):
        serve(LiveIndex.from_index(corpus_index), HOST, 0, mcp=True)
