"""Tries each page of a PDF in a process of its own, for what stops PDFium cannot be caught.

A form that draws itself twice, which takes 300 bytes, has PDFium fill the memory and abort: no
error reaches Python. The trial parses each page once (0.23 s for 300 pages, whose reading takes 3 s),
and a page that ends the trial's process is not opened in ours.
"""

from __future__ import annotations

import contextlib
import subprocess
import sys

# What a page may take: 2.5 GB and half a minute. A page of 4.5 million characters takes 1.4 seconds
# and 840 MB; the form that draws itself twice reaches the bound after a few seconds.
_MOST_BYTES = 2_500_000_000
_MOST_SECONDS = 30
# A file in which so many pages fail is given up.
_MOST_FAILURES = 3


def failing_pages(data: bytes) -> list[int] | None:
    """Numbers of the pages that PDFium does not survive; None if the file as a whole is so."""
    failing: list[int] = []
    start = 1
    while True:
        # -I: no module of this folder, or of the one we run in, is taken for one of the library's.
        done = subprocess.run(
            [sys.executable, "-I", __file__, str(start)],
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        if done.returncode == 0:
            return failing
        passed = done.stdout.split()
        if not passed:
            return None
        failing.append(int(passed[-1]) + 1)
        if len(failing) >= _MOST_FAILURES:
            return None
        start = failing[-1] + 1


def _limit_memory(size: int) -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):  # not on every system
        import resource

        most = _MOST_BYTES + 2 * size
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _set_alarm() -> None:
    """Ends this process unless called again in time; native code cannot hold it up."""
    import signal

    if hasattr(signal, "alarm"):
        signal.alarm(_MOST_SECONDS)


def _try_pages(data: bytes, start: int) -> None:
    """Parses pages from number `start`; writes each number that was survived."""
    import pypdfium2 as pdfium

    _set_alarm()
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError:
        return  # said by whoever opens it next
    print(start - 1, flush=True)
    for number in range(start, len(document) + 1):
        _set_alarm()
        with contextlib.suppress(pdfium.PdfiumError):
            page = document[number - 1]
            page.get_textpage().close()
            page.close()
        print(number, flush=True)


if __name__ == "__main__":
    content = sys.stdin.buffer.read()
    _limit_memory(len(content))
    _try_pages(content, int(sys.argv[1]))
