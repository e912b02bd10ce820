"""The real page in a process of its own, and Chromium to look at it with."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

from playwright.sync_api import Browser, Playwright

ROOT = Path(__file__).parents[2]
HOST = "127.0.0.1"
# How long the page may take to come up, in seconds; it takes about five.
_PATIENCE = 60
# Chromium itself must not call home, or its requests would be taken for the page's.
_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
]


def find_chromium() -> str | None:
    """Where Chromium is, if it is on the PATH."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next(filter(None, map(shutil.which, names)), None)


def launch(playwright: Playwright) -> Browser:
    """A headless Chromium."""
    return playwright.chromium.launch(executable_path=find_chromium(), args=_FLAGS)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(index: Path, log: Path, *flags: str, port: int | None = None) -> Iterator[str]:
    """Runs `python ui.py`, which is `yinju serve`, on an index and yields its address once it answers."""
    command = [sys.executable, "ui.py", "--index", str(index), *flags, "--port"]
    with running(command, log, port) as address:
        yield address


@contextmanager
def running(command: list[str], log: Path, port: int | None = None) -> Iterator[str]:
    """Runs a server, whose last argument is to be its port, and yields its address once it answers."""
    port = port or free_port()
    with log.open("w") as output:
        process = subprocess.Popen(
            [*command, str(port)], cwd=ROOT, stdout=output, stderr=subprocess.STDOUT
        )
        try:
            address = f"http://{HOST}:{port}/"
            _wait(process, address, log)
            yield address
        finally:
            process.terminate()
            process.wait(10)


def _wait(process: subprocess.Popen[bytes], address: str, log: Path) -> None:
    opener = build_opener(ProxyHandler({}))
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"the page ended with {process.returncode}:\n{log.read_text()}")
        try:
            with opener.open(address):
                return
        except URLError:
            time.sleep(0.1)
    raise RuntimeError(f"{address} did not answer within {_PATIENCE} s:\n{log.read_text()}")
