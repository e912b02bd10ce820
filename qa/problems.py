"""What could not be read of a report, in the language of the page.

The index keeps problems in English, as the command line prints them; one that is not known here is
shown as it is.
"""

from __future__ import annotations

import re

_PLACES = ((r"\blines? (\d+(?:-\d+)?)", r"第 \1 行"), (r" and (\d+) more lines?", r"等另外 \1 行"))
_PAGES = ((r"\bpages? ([\d, -]+) (?:is|are)", r"第 \1 页"),)
_CHINESE: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), template)
    for pattern, template in (
        (r"the report breaks off inside its last sentence", "此报告在结尾处中断"),
        (r"the file is cut off; pages may be missing", "文件不完整，可能缺页"),
        (r"(pages? .+?) damaged and could not be read", r"{\1}已损坏，没有读出"),
        (
            r"(pages? .+?) not read, holding more than ([\d,]+) characters.*",
            r"{\1}超过 \2 字，没有读出",
        ),
        (
            r"(pages? .+?) scans without text and were not read; .*(pip install .+)",
            r"{\1}是没有文字的扫描页，没有读出；安装 OCR：\2",
        ),
        (r"(pages? .+?) scans, read by OCR; .*", r"{\1}是扫描页，由 OCR 识别，引文请与原图核对"),
        (r"read by OCR; .*", "由 OCR 识别，引文请与原图核对"),
        (
            r"(?:page (\d+): )?(\d+) of (\d+) lines read with a score below [\d.]+, the worst \(([\d.]+)\) as (.+)",
            r"\3 行中有 \2 行识别得没有把握，最差的一行（\4）读作 \5",
        ),
        (
            r"(\d+) bytes? (?:is|are) no (\S+) and could not be read .*: (.+)",
            r"有 \1 个字节不是 \2，没有读出：{\3}",
        ),
        (r"the file is in several encodings: (.+)", r"文件混用了几种编码：{\1}"),
        (r"(\d+) characters are damaged", r"有 \1 个字已损坏"),
        (
            r"line (\d+): (.+?) cannot be read: (.+?)(?: \(section (.+)\))?",
            r"第 \1 行：“\2”无法识读",
        ),
        (r"(\d+) more lines have text that cannot be read", r"另有 \1 行含无法识读的文字"),
    )
)


def told_problem(problem: str, language: str) -> str:
    """A problem in words of that language.

    >>> told_problem("pages 3-5 are scans, read by OCR; check quotations against the page", "zh")
    '第 3-5 页是扫描页，由 OCR 识别，引文请与原图核对'
    """
    if language != "zh":
        return problem
    for pattern, template in _CHINESE:
        match = pattern.fullmatch(problem)
        if match:
            return re.sub(r"\{(.*)\}", lambda m: _places(m[1]), match.expand(template), count=1)
    return problem


def _places(text: str) -> str:
    """Lines and pages in Chinese."""
    for pattern, by in (*_PAGES, *_PLACES):
        text = re.sub(pattern, by, text)
    return text.replace(" in 第", "，第")
