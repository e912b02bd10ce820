"""Errors in Chinese: each message in the source that the page can show, and some real ones."""

from __future__ import annotations

import ast
import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.build import build_index
from indexer.config import Config, Limits, beyond
from indexer.embedding import encoder
from indexer.errors import YinjuError
from indexer.formats.picture import load as picture
from indexer.load import load
from qa.evaluation.gold import read_golds
from qa.server import evaluation_runs, indexing_jobs
from qa.web.views.labels import LABELS
from qa.web.views.messages import told_error, told_part, told_problem

ROOT = Path(__file__).parents[4]
# Modules, or functions of them, whose errors nobody meets on the page, and why.
UNSEEN = {
    "indexer/config.py:read_limits": "variables are read as the program starts",
    "indexer/build.py:_write": "lines of other errors, put together",
    "qa/server/live_index.py:stage": "another error, raised again",
    "qa/server/evaluation_runs.py:keep_gold": "another error, raised again",
    "qa/web/page_image/draw.py:_pdf_page": "a library's reason, which `draw` puts behind words of ours",
    "qa/web/page_image/draw.py:_picture": "likewise",
    "qa/cli/main.py": "the command line",
    "qa/cli/evaluate.py": "the command line",
    "qa/settings.py": "--set of the command line",
    "qa/evaluation/squad.py": "--squad of the command line",
    "qa/evaluation/gold.py:read_squad": "--squad of the command line",
    "qa/cli/batch.py:_row": "--batch of the command line",
    "qa/evaluation/compare.py:fallen": "--baseline of the command line",
}
# What stands in a message for a value of the source; for any other it is this number.
NUMBER = "9"
VALUES = {
    "_too_large": picture._too_large(Path("甲.png"), "its 9 x 9"),
    "_mend": encoder._mend(Path("cache/default")),
    "_mb": "9 MB",
    "_named": "page 9 is",
    "suffix": ".docx",
    "kind": ".docx",
    "where": "terms.txt, line 9",
    "what": "cells",
    "seems": "; it seems to be cp949",
    "INSTALL": "pip install 'yinju[ocr]'",
}
# Modules that put messages together from phrases, each of which is told as well.
PHRASED = (
    "package_check.py",
    "pdf/load.py",
    "html/source.py",
    "formats/decoding.py",
    "snapshot.py",
)
# Strings in them that are no phrases of a message, or only a part of one.
NO_PHRASES = {
    "PowerPoint Document",
    "9 in lines 9-9",
    "9 cells no 9 and could not be read (9): 99",
    "byte is",
    "bytes are",
    "line 9",
    "pages 9 are",
    "page 9 is",
    "99 MB",
    "9 vectors for 9 windows",
}
# Words by which English prose is known; no command or value has them.
ENGLISH = re.compile(
    r"(?<![\w-])(?:an?|the|its?|is|are|has|holds|of|or|and|to|in|no|with|than|expected|found)(?![\w-])"
)
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def _sources(*folders: str) -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py")):
        yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def _raised(node: ast.AST, function: str = "") -> Iterator[tuple[str, ast.Call]]:
    """(innermost function, call) of each YinjuError that is made."""
    for child in ast.iter_child_nodes(node):
        inner = child.name if isinstance(child, ast.FunctionDef) else function
        if isinstance(child, ast.Call) and getattr(child.func, "id", "") == "YinjuError":
            yield inner, child
        yield from _raised(child, inner)


def _text(node: ast.AST) -> str:
    """A string of the source, with something for each of its values."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(map(_text, node.values))
    if isinstance(node, ast.FormattedValue):
        return repr(_text(node.value)) if node.conversion == ord("r") else _text(node.value)
    if isinstance(node, ast.BinOp):
        return _text(node.left) + _text(node.right)
    if isinstance(node, ast.IfExp):
        return _text(node.body)
    if not isinstance(node, ast.Call):
        return VALUES.get(ast.unparse(node), NUMBER)
    name = ast.unparse(node.func)
    if name == "beyond":
        found = _text(node.args[1])
        return beyond("chars", "its 9 pages" if found == NUMBER else found, 5)
    return VALUES.get(name, NUMBER)


MESSAGES = {
    f"{path}:{call.lineno}": _text(call.args[0])
    for path, module in _sources("indexer", "qa")
    for function, call in _raised(module)
    if path not in UNSEEN and f"{path}:{function}" not in UNSEEN
}


def _phrases(module: ast.Module) -> Iterator[str]:
    """Strings of several words that begin like one of a message."""
    other: set[ast.AST] = {part for _, call in _raised(module) for part in ast.walk(call)}
    for node in ast.walk(module):
        if isinstance(node, ast.Expr):  # a docstring
            other.update(ast.walk(node))
        elif isinstance(node, ast.JoinedStr):
            other.update(part for part in ast.walk(node) if part is not node)
    for node in ast.walk(module):
        text = isinstance(node, ast.JoinedStr) or isinstance(getattr(node, "value", None), str)
        if text and node not in other and isinstance(node, ast.JoinedStr | ast.Constant):
            said = _text(node).replace("{suffix}", ".docx")
            if " " in said.strip() and said[0].isalnum():
                yield said


def _in_chinese(message: str) -> None:
    told = told_error(message, "zh")
    for line in told.split("\n"):
        assert CHINESE.search(line), line
        assert not ENGLISH.search(line), line
    assert told_error(message, "en") == message


@pytest.mark.parametrize("message", MESSAGES.values(), ids=MESSAGES)
def test_each_error_of_the_source_is_told_in_chinese(message: str) -> None:
    """A new one fails here until it has a row in `qa.web.views.messages`, or a reason in UNSEEN."""
    _in_chinese(message)


def test_each_phrase_of_which_an_error_is_made_is_told_in_chinese() -> None:
    phrases = {
        phrase
        for path, module in _sources("indexer")
        if path.endswith(PHRASED)
        for phrase in _phrases(module)
    }
    assert len(phrases) > 60
    told = {phrase: told_part(told_problem(phrase, "zh")) for phrase in phrases - NO_PHRASES}
    assert not [phrase for phrase, said in told.items() if not CHINESE.search(said)]


def test_what_is_excused_is_there() -> None:
    """An exception that nothing needs any more is taken out."""
    there = {
        name
        for path, module in _sources("indexer", "qa")
        for function, _ in _raised(module)
        for name in (path, f"{path}:{function}")
    }
    assert set(UNSEEN) <= there


def _package(**parts: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name.replace("__", "/"), text)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("空.txt", b" ", "：没有文字"),
        ("空.pdf", b"", "：不能作为 PDF 读取，这是空文件；请重新复制，或重新保存"),
        (
            "空.docx",
            b"",
            "：不能作为 .docx 读取，这是空文件，应为 Word 2007 或更高版本的文档；请重新复制，或重新保存",
        ),
        (
            "旧.docx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le"),
            "：不能作为 .docx 读取，这是旧版 Word 文件（.doc），应为 Word 2007 或更高版本的文档；"
            "请打开后另存为 .docx",
        ),
        ("表.csv", _package(xl__a="x"), "请改成它本来的后缀，或另存为 .xlsx"),
        ("图.docx", _package(word__a="x"), "；请打开后重新保存为 .docx"),
        ("旧.doc", b"x", "；请打开后另存为 .docx"),
        ("图.txt", b"\x89PNG\r\n\x1a\n", "：不是文本，而是 PNG 图片；请改成它本来的后缀"),
        ("图.html", b"\x1f\x8b", "：不是网页，而是压缩文件；请先解压"),
        (
            "长.txt",
            "很长的报告。".encode() * 9,
            "：有 54 字，超过上限 50；请拆分，或把环境变量 YINJU_MAX_CHARS 设大些，再启动 yinju serve",
        ),
        (
            "深.html",
            b"<div>" * 99,
            "：HTML 元素至少嵌套了 20 层，超过上限 20；请拆分，或把环境变量 YINJU_MAX_DEPTH 设大些，"
            "再启动 yinju serve",
        ),
    ],
)
def test_files_that_are_refused(name: str, data: bytes, told: str, tmp_path: Path) -> None:
    file = tmp_path / name
    file.write_bytes(data)
    with pytest.raises(YinjuError) as error:
        load(file, Limits(chars=50, depth=20))
    said = told_error(str(error.value), "zh")
    assert said.startswith(f"{file}：")
    assert said.endswith(told)


def test_several_files_that_are_refused(tmp_path: Path) -> None:
    """With no index yet they are one error, a line each."""
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(" ", encoding="utf-8")
    with pytest.raises(YinjuError) as error:
        build_index(Config(tmp_path / "index", None, tmp_path), [tmp_path])
    told = told_error(str(error.value), "zh").split("\n")
    assert told == [f"{tmp_path / name}：没有文字" for name in ("a.txt", "b.txt")]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("x", "不是 JSON：Expecting value: line 1 column 1 (char 0)"),
        ('{"id": "1"}', "缺少 'type'"),
        (
            '{"id": "1", "type": "", "question": "", "answerable": 1, "evidence": 5}',
            "应为列表，却是 5",
        ),
    ],
)
def test_a_line_that_is_no_gold_question(line: str, told: str, tmp_path: Path) -> None:
    file = tmp_path / "题.jsonl"
    file.write_text(f"\n{line}\n", encoding="utf-8")
    with pytest.raises(YinjuError) as error:
        read_golds(file)
    expected = (
        f"{file} 第 2 行：不是题集里的题（{told}）；"
        "应有 id, type, question, answerable, evidence，见 corpus/gold/README.md"
    )
    assert told_error(str(error.value), "zh") == expected


@pytest.mark.parametrize(
    ("message", "told"),
    [
        (indexing_jobs._BROKEN, "程序出错，索引中止；索引没有改动"),
        (evaluation_runs._BROKEN, "程序出错，评测中止；原因写在运行 yinju serve 的终端里"),
        (LABELS["en"]["broken"], LABELS["zh"]["broken"]),
        (str(PermissionError(13, "Permission denied", "甲.pdf")), "'甲.pdf'：没有权限"),
        (str(OSError(28, "No space left on device")), "磁盘已满"),
        ("甲.pdf: cannot be read: No such file or directory", "甲.pdf：不能读取：没有这个文件"),
        (
            "ix: the index is damaged: 12 vectors, expected 13; "
            "remove the folder and index the reports again: yinju index PATH --index ix",
            "ix：索引已损坏：向量有 12，应为 13；请删去这个文件夹，再重新索引报告："
            "yinju index PATH --index ix",
        ),
        ("something new", "something new"),
    ],
)
def test_other_errors(message: str, told: str) -> None:
    assert told_error(message, "zh") == told
    assert told_error(message, "en") == message
