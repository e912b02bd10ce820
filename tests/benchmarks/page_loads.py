"""Loads a page in Chromium and times it by the page's own clock; counts what goes over the wire."""

from __future__ import annotations

import re
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, CDPSession, Page

# Nothing more comes once the wire was quiet for so long, in seconds.
_QUIET = 0.6
_PATIENCE_MS = 60_000
_KINDS = {
    "Script": "script",
    "Stylesheet": "style",
    "Font": "font",
    "Document": "document",
    "Image": "image",
}

# Whether what a user points at is there and nothing lies over it.
_HIT = """
const hit = (one) => {
  if (!one) return false;
  const box = one.getBoundingClientRect();
  const at = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  return one === at || one.contains(at);
};
"""
_TYPES = "(one) => one && !one.disabled && !one.readOnly && hit(one)"
# Ours is ready when the box takes typing and an example can be clicked (or there is none to be had,
# as with many reports that are alike): the script that listens for it makes the conversation
# focusable when it begins.
OURS_READY = f"""({_TYPES})(document.querySelector('#box textarea'))
  && document.querySelector('#conversation [tabindex]')
  && (hit(document.querySelector('#conversation .example'))
    || document.querySelector('.welcome .examples:empty'))"""
EMPTY_READY = f"({_TYPES})(document.querySelector('textarea'))"

# Runs before the page's own scripts, and looks once a frame.
_WATCH = """
(() => {
  %s
  const look = () => {
    if (%s) window.readyAt = performance.now();
    else requestAnimationFrame(look);
  };
  if (window.top === window) requestAnimationFrame(look);
})();
"""

# The time from the next thing a user does to the frame after a condition holds.
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
    """A request's answer: of what kind, bytes over the wire (0 from the cache) and unpacked."""

    path: str
    kind: str = "data"
    transferred: int = 0
    decoded: int = 0


@dataclass
class Wire:
    """What the browser's own record says of a page's requests."""

    session: CDPSession
    files: dict[str, File] = field(default_factory=dict)
    heard: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self.session.send("Network.enable")
        self.session.on("Network.requestWillBeSent", self._sent)
        self.session.on("Network.responseReceived", self._received)
        self.session.on("Network.dataReceived", self._data)
        self.session.on("Network.loadingFinished", self._finished)

    def _sent(self, event: dict[str, Any]) -> None:
        parts = urlsplit(event["request"]["url"])
        if parts.scheme not in ("data", "blob"):
            # A session's own name within an address differs at each load.
            path = re.sub(r"(heartbeat/)\w+", r"\1", parts.path)
            self.files[event["requestId"]] = File(path)
            self.heard = time.monotonic()

    def _received(self, event: dict[str, Any]) -> None:
        if file := self.files.get(event["requestId"]):
            file.kind = _KINDS.get(event["type"], "data")
            self.heard = time.monotonic()

    def _data(self, event: dict[str, Any]) -> None:
        if file := self.files.get(event["requestId"]):
            file.decoded += event["dataLength"]
            self.heard = time.monotonic()

    def _finished(self, event: dict[str, Any]) -> None:
        if file := self.files.get(event["requestId"]):
            file.transferred += int(event["encodedDataLength"])
            self.heard = time.monotonic()

    def settle(self, page: Page) -> None:
        """Waits until nothing has come for a while."""
        while time.monotonic() - self.heard < _QUIET:
            page.wait_for_timeout(100)

    def received(self) -> int:
        """Bytes of all answers so far, unpacked."""
        return sum(file.decoded for file in self.files.values())


@dataclass
class Loaded:
    """One load of a page, in ms from when it was navigated to."""

    paint: float
    interactive: float
    files: list[File]

    def figures(self) -> dict[str, float]:
        """What is told of a load."""
        sizes: Counter[str] = Counter()
        for file in self.files:
            for name in (file.kind, "all"):
                sizes[f"{name}_bytes_transferred"] += file.transferred
                sizes[f"{name}_bytes_decoded"] += file.decoded
        times = {"first_paint_ms": self.paint, "interactive_ms": self.interactive}
        return {**times, "requests": len(self.files), **dict(sorted(sizes.items()))}


def load(context: BrowserContext, address: str, ready: str) -> tuple[Page, Wire, Loaded]:
    """Opens a page and waits until it is ready and nothing more comes."""
    page = context.new_page()
    wire = Wire(context.new_cdp_session(page))
    page.add_init_script(_WATCH % (_HIT, ready))
    page.goto(address)
    page.wait_for_function("window.readyAt", timeout=_PATIENCE_MS)
    wire.heard = time.monotonic()
    wire.settle(page)
    paint = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    loaded = Loaded(paint, page.evaluate("window.readyAt"), list(wire.files.values()))
    return page, wire, loaded


def start_watch(page: Page, until: str) -> None:
    """From what the user does next, time runs until a condition of the page holds."""
    page.evaluate(_STOPWATCH, until)


def took(page: Page) -> float:
    """Waits for the condition; ms from what the user did to the frame that shows it."""
    page.wait_for_function("window.took !== null", timeout=_PATIENCE_MS)
    return float(page.evaluate("window.took"))
