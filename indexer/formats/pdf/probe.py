"""Parse each page of a PDF in a separate process first, to find the pages that crash PDFium.

A form that draws itself twice takes 300 bytes and makes PDFium fill the memory and abort; no error
reaches Python. The separate process parses each page once (0.23 s for 300 pages, while reading them
takes 3 s). A page that ends this process is not opened in the main process.
"""

from __future__ import annotations

import contextlib
import subprocess
import sys

# The limits of one page: 2.5 GB and half a minute. A page of 4.5 million characters takes 1.4 s and
# 840 MB; the form that draws itself twice reaches the memory limit after a few seconds.
_MAX_BYTES = 2_500_000_000
_MAX_SECONDS = 30
# A file with this many failing pages is given up.
_MAX_FAILURES = 3


def find_failing_pages(data: bytes) -> list[int] | None:
    """Return the numbers (from 1) of the pages that crash PDFium; None if the whole file does."""
    failing: list[int] = []
    start = 1
    while True:
        # -I: no module of this folder or of the working directory hides one of the library.
        result = subprocess.run(
            [sys.executable, "-I", __file__, str(start)],
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        if result.returncode == 0:
            return failing
        passed = result.stdout.split()
        if not passed:
            return None
        failing.append(int(passed[-1]) + 1)
        if len(failing) >= _MAX_FAILURES:
            return None
        start = failing[-1] + 1


def _limit_memory(size: int) -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):  # not on every system
        import resource

        max_bytes = _MAX_BYTES + 2 * size
        resource.setrlimit(resource.RLIMIT_AS, (max_bytes, max_bytes))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _set_alarm() -> None:
    """End this process unless called again in time; native code cannot block the alarm."""
    import signal

    if hasattr(signal, "alarm"):
        signal.alarm(_MAX_SECONDS)


def _parse_pages(data: bytes, start: int) -> None:
    """Parse the pages from number `start` on; print each number after its page was parsed."""
    import pypdfium2 as pdfium

    _set_alarm()
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError:
        return  # the caller opens the file next and reports the error
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
    _parse_pages(content, int(sys.argv[1]))
