"""Load a page in Chromium, time it by the page's own clock, count the bytes that it receives."""

from __future__ import annotations

import re
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, CDPSession, Page

# Seconds without network traffic after which a page is taken as loaded.
_QUIET_SECONDS = 0.6
_TIMEOUT_MS = 60_000
# The browser's type of a resource -> kind of file; all others are "data".
_KINDS = {
    "Script": "script",
    "Stylesheet": "style",
    "Font": "font",
    "Document": "document",
    "Image": "image",
}

# Whether an element exists and nothing covers its middle.
_HIT = """
const hit = (one) => {
  if (!one) return false;
  const box = one.getBoundingClientRect();
  const at = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  return one === at || one.contains(at);
};
"""
# Whether a text box takes typing.
_TAKES_TYPING = "(one) => one && !one.disabled && !one.readOnly && hit(one)"
# Our page is ready when the question box takes typing and an example question can be clicked, or
# there is no example, as with many similar reports. An example can be clicked once its script runs:
# that makes the conversation focusable.
OURS_READY = f"""({_TAKES_TYPING})(document.querySelector('#box textarea'))
  && document.querySelector('#conversation [tabindex]')
  && (hit(document.querySelector('#conversation .example'))
    || document.querySelector('.welcome .examples:empty'))"""
EMPTY_READY = f"({_TAKES_TYPING})(document.querySelector('textarea'))"

# Runs before the page's own scripts and checks once a frame whether the page is ready.
_READY_WATCH = """
(() => {
  %s
  const look = () => {
    if (%s) window.readyAt = performance.now();
    else requestAnimationFrame(look);
  };
  if (window.top === window) requestAnimationFrame(look);
})();
"""

# Measures the time from the user's next action to the frame after a condition holds.
_STOPWATCH = """until => {
  const holds = new Function('return ' + until), kinds = ['pointerdown', 'keydown', 'input'];
  window.took = null;
  const start = (event) => {
    for (const kind of kinds) removeEventListener(kind, start, true);
    const look = () => {
      if (holds()) requestAnimationFrame(() => { window.took = performance.now() - event.timeStamp; });
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  };
  for (const kind of kinds) addEventListener(kind, start, true);
}"""


@dataclass
class File:
    """A file that the page loaded."""

    path: str
    kind: str = "data"
    """One of `_KINDS`, or "data"."""
    transferred: int = 0
    """Bytes over the network, 0 if it came from the cache."""
    decoded: int = 0
    """Bytes after decompression."""


@dataclass
class NetworkLog:
    """The requests of a page, as the browser reports them."""

    session: CDPSession
    files: dict[str, File] = field(default_factory=dict)
    """By the id of the request."""
    last_event: float = field(default_factory=time.monotonic)
    """When the browser last reported something, by `time.monotonic`."""

    def __post_init__(self) -> None:
        self.session.send("Network.enable")
        self.session.on("Network.requestWillBeSent", self._on_sent)
        self.session.on("Network.responseReceived", self._on_received)
        self.session.on("Network.dataReceived", self._on_data)
        self.session.on("Network.loadingFinished", self._on_finished)

    def _on_sent(self, event: dict[str, Any]) -> None:
        parts = urlsplit(event["request"]["url"])
        if parts.scheme not in ("data", "blob"):
            # The id of a session in a path differs at each load.
            path = re.sub(r"(heartbeat/)\w+", r"\1", parts.path)
            self.files[event["requestId"]] = File(path)
            self.last_event = time.monotonic()

    def _on_received(self, event: dict[str, Any]) -> None:
        if file := self.files.get(event["requestId"]):
            file.kind = _KINDS.get(event["type"], "data")
            self.last_event = time.monotonic()

    def _on_data(self, event: dict[str, Any]) -> None:
        if file := self.files.get(event["requestId"]):
            file.decoded += event["dataLength"]
            self.last_event = time.monotonic()

    def _on_finished(self, event: dict[str, Any]) -> None:
        if file := self.files.get(event["requestId"]):
            file.transferred += int(event["encodedDataLength"])
            self.last_event = time.monotonic()

    def settle(self, page: Page) -> None:
        """Wait until there was no network traffic for a while."""
        while time.monotonic() - self.last_event < _QUIET_SECONDS:
            page.wait_for_timeout(100)

    def received_bytes(self) -> int:
        """Return the bytes received so far, after decompression."""
        return sum(file.decoded for file in self.files.values())


@dataclass
class PageLoad:
    """One load of a page; times are ms from the navigation."""

    paint: float
    """When something was first painted."""
    interactive: float
    """When the page was ready for the user."""
    files: list[File]

    def figures(self) -> dict[str, float]:
        """Return times, number of requests, and bytes by kind of file."""
        sizes: Counter[str] = Counter()
        for file in self.files:
            for name in (file.kind, "all"):
                sizes[f"{name}_bytes_transferred"] += file.transferred
                sizes[f"{name}_bytes_decoded"] += file.decoded
        times = {"first_paint_ms": self.paint, "interactive_ms": self.interactive}
        return {**times, "requests": len(self.files), **dict(sorted(sizes.items()))}


def load_page(
    context: BrowserContext, address: str, ready: str
) -> tuple[Page, NetworkLog, PageLoad]:
    """Open a page and wait until it is ready and its network traffic has ended.

    Args:
        ready: a JavaScript expression that holds when the page is ready.
    """
    page = context.new_page()
    log = NetworkLog(context.new_cdp_session(page))
    page.add_init_script(_READY_WATCH % (_HIT, ready))
    page.goto(address)
    page.wait_for_function("window.readyAt", timeout=_TIMEOUT_MS)
    log.last_event = time.monotonic()
    log.settle(page)
    paint = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    loaded = PageLoad(paint, page.evaluate("window.readyAt"), list(log.files.values()))
    return page, log, loaded


def start_stopwatch(page: Page, until: str) -> None:
    """Measure from the user's next action until a JavaScript expression holds in the page."""
    page.evaluate(_STOPWATCH, until)


def wait_for_time(page: Page) -> float:
    """Wait until the condition holds; return the ms from the user's action to the frame showing it."""
    page.wait_for_function("window.took !== null", timeout=_TIMEOUT_MS)
    return float(page.evaluate("window.took"))
