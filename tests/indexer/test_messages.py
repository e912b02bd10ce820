"""Messages: the same in each language's file, used by the source, and worded as they always were."""

from __future__ import annotations

import ast
import io
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

from indexer.build import build_index
from indexer.config import Config, Limits
from indexer.errors import YinjuError, message_of, reason_of, verbatim
from indexer.load import load
from indexer.messages import Message, as_json, change_texts, from_json, load_locale, message, say
from indexer.report import TRUNCATED, parse_report
from qa.evaluation.gold import read_gold_questions
from tests.conftest import ROOT

# The groups of the locale files that hold messages; the others are words of answers and of the page.
GROUPS = (
    "file size found mend index model question gold run settings server system problem stage other"
).split()
EN, ZH = (
    {
        f"{group}.{name}": template
        for group in GROUPS
        for name, template in load_locale(language)[group].items()
    }
    for language in ("en", "zh")
)
# Messages of which the Chinese leaves values out, as a hint that is of no use on the page.
SHORTER = {
    "file.name_is_no_text",
    "index.no_report",
    "problem.damage",
    "problem.damage_in_section",
    "problem.doubtful",
    "problem.doubtful_page",
    "problem.lost_bytes",
    "system.error",
    "system.error_of_file",
}
# A line of the file is [code, values, English words, Chinese words]. The English words are those that
# the command line printed when errors were still sentences in the source.
SAMPLES = [
    json.loads(line)
    for line in (Path(__file__).parent / "messages.jsonl").read_text(encoding="utf-8").splitlines()
]
# Words by which English prose is known; no command or value has them.
ENGLISH = re.compile(
    r"(?<![\w-])(?:an?|the|its?|is|are|has|holds|of|or|and|to|in|no|with|than|expected|found)(?![\w-])"
)
# Texts of libraries and layouts of files that stand in Chinese words as they are.
QUOTED = ("Expecting value: line 1 column 1 (char 0)",)


def forms(template: str | dict[str, str]) -> list[str]:
    return [template] if isinstance(template, str) else list(template.values())


def placeholders(template: str | dict[str, str]) -> set[str]:
    found = {name for form in forms(template) for _, name, _, _ in Formatter().parse(form) if name}
    return found | (set() if isinstance(template, str) else {"count"})


def source_trees() -> Iterator[ast.Module]:
    for path in [*ROOT.glob("indexer/**/*.py"), *ROOT.glob("qa/**/*.py"), ROOT / "ui.py"]:
        yield ast.parse(path.read_text(encoding="utf-8"))


def test_each_language_has_the_same_messages() -> None:
    assert EN.keys() == ZH.keys()
    for code, template in EN.items():
        assert type(template) is type(ZH[code]), code
        assert isinstance(template, str) or template.keys() == ZH[code].keys() == {"one", "other"}


def test_each_language_names_the_same_values() -> None:
    for code in EN:
        named, given = placeholders(ZH[code]), placeholders(EN[code])
        assert named < given if code in SHORTER else named == given, code


def test_each_code_of_the_source_has_words_and_each_message_is_used() -> None:
    used: set[str] = set()
    for tree in source_trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                used.add(node.value)
            if not isinstance(node, ast.Call) or not node.args:
                continue
            maker = ast.unparse(node.func)
            code = node.args[0]
            if maker in ("YinjuError", "message", "Message") and isinstance(code, ast.Constant):
                assert code.value in EN, f"line {node.lineno}: {code.value}"
    assert not EN.keys() - used


def test_an_error_is_raised_with_a_code_and_never_with_a_sentence() -> None:
    for tree in source_trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "YinjuError":
                assert not isinstance(node.args[0], ast.JoinedStr | ast.BinOp), node.lineno


def test_there_is_a_sample_of_each_message() -> None:
    def codes(msg: Message) -> Iterator[str]:
        yield msg.code
        for value in msg.values.values():
            for part in value if isinstance(value, tuple) else (value,):
                if isinstance(part, Message):
                    yield from codes(part)

    assert {code for sample in SAMPLES for code in codes(from_json(sample[:2]))} == EN.keys()


@pytest.mark.parametrize("sample", SAMPLES, ids=[sample[0] for sample in SAMPLES])
def test_words_are_those_that_were_always_printed(sample: list[Any]) -> None:
    code, values, english, chinese = sample
    one = from_json([code, values])
    assert str(one) == english
    assert say(one, "zh") == chinese
    assert as_json(one) == [code, values]


@pytest.mark.parametrize("code", ZH)
def test_no_english_is_left_in_chinese_words(code: str) -> None:
    for form in forms(ZH[code]):
        text = re.sub(r"\{\{.*\}\}", "", form)  # a layout of JSON
        assert not ENGLISH.search(re.sub(r"\{.*?\}", "", text)), form


def test_no_english_is_left_in_chinese_samples() -> None:
    for _, _, english, chinese in SAMPLES:
        for quoted in QUOTED:
            chinese = chinese.replace(quoted, "")
        if english == "something new":  # given verbatim
            continue
        assert not ENGLISH.search(re.sub(r"\{.*\}", "", chinese)), chinese


def test_a_code_without_words_fails() -> None:
    with pytest.raises(KeyError):
        str(YinjuError("no such thing"))


def test_a_message_goes_through_json() -> None:
    inner = message("found.line", number=3)
    one = message("found.lines_and_more", lines=(inner, inner), more=2)
    assert from_json(json.loads(json.dumps(as_json(one)))) == one
    assert say(one, "zh") == "第 3 行, 第 3 行等另外 2 行"
    assert len({one, from_json(as_json(one))}) == 1


def test_what_an_older_index_holds_is_shown_as_it_is() -> None:
    assert [say(from_json("something old"), language) for language in ("en", "zh")] == [
        "something old",
        "something old",
    ]


def test_texts_are_changed_at_every_depth() -> None:
    one = message("other.lines", lines=(message("file.no_text", path=Path("/甲/乙.txt")),))
    assert str(change_texts(one, lambda text: text.replace("/甲/", ""))) == "乙.txt: holds no text"


@pytest.mark.parametrize(
    ("error", "reason", "whole", "chinese"),
    [
        (
            PermissionError(13, "Permission denied", "甲.pdf"),
            "Permission denied",
            "[Errno 13] Permission denied: '甲.pdf'",
            "'甲.pdf'：没有权限",
        ),
        (
            OSError(28, "No space left on device"),
            "No space left on device",
            "[Errno 28] No space left on device",
            "磁盘已满",
        ),
        (OSError("of a library"), "of a library", "of a library", "of a library"),
        (OSError(13, "odd words"), "odd words", "[Errno 13] odd words", "odd words"),
        (ValueError("x"), "x", "x", "x"),
    ],
)
def test_what_the_operating_system_says(
    error: Exception, reason: str, whole: str, chinese: str
) -> None:
    assert str(reason_of(error)) == reason
    assert str(message_of(error)) == whole == str(error)
    assert say(message_of(error), "zh") == chinese


def test_a_message_of_ours_is_taken_as_it_is() -> None:
    error = YinjuError(verbatim("x"))
    assert message_of(error) is error.message


# --- real files


def package(**parts: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name.replace("__", "/"), text)
    return out.getvalue()


REFUSED = [
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
    ("表.csv", package(xl__a="x"), "请改成它本来的后缀，或另存为 .xlsx"),
    ("图.docx", package(word__a="x"), "；请打开后重新保存为 .docx"),
    ("旧.doc", b"x", "；请打开后另存为 .docx"),
    ("图.txt", b"\x89PNG\r\n\x1a\n", "：不是文本，而是 PNG 图片；请改成它本来的后缀"),
    ("图.html", b"\x1f\x8b\x08", "：不是网页，而是压缩文件；请先解压"),
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
]


@pytest.mark.parametrize(("name", "data", "chinese"), REFUSED, ids=[name for name, *_ in REFUSED])
def test_files_that_are_refused(name: str, data: bytes, chinese: str, tmp_path: Path) -> None:
    file = tmp_path / name
    file.write_bytes(data)
    with pytest.raises(YinjuError) as error:
        load(file, Limits(chars=50, depth=20))
    said = say(error.value.message, "zh")
    assert said.startswith(f"{file}：")
    assert said.endswith(chinese)


def test_several_files_that_are_refused(tmp_path: Path) -> None:
    """With no index yet they are one error, a line each."""
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(" ", encoding="utf-8")
    with pytest.raises(YinjuError) as error:
        build_index(Config(tmp_path / "index", None, tmp_path), [tmp_path])
    said = say(error.value.message, "zh").split("\n")
    assert said == [f"{tmp_path / name}：没有文字" for name in ("a.txt", "b.txt")]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("x", "不是 JSON：Expecting value: line 1 column 1 (char 0)"),
        ('{"id": "1"}', "缺少 'type'"),
        (
            '{"id": "1", "type": "", "question": "", "answerable": 1, "evidence": 5}',
            "应为列表，却是 5",
        ),
    ],
)
def test_a_line_that_is_no_gold_question(line: str, reason: str, tmp_path: Path) -> None:
    file = tmp_path / "题.jsonl"
    file.write_text(f"\n{line}\n", encoding="utf-8")
    with pytest.raises(YinjuError) as error:
        read_gold_questions(file)
    expected = (
        f"{file} 第 2 行：不是题集里的题（{reason}）；"
        "应有 id, type, question, answerable, evidence，见 corpus/gold/README.md"
    )
    assert say(error.value.message, "zh") == expected


def test_problems_of_damaged_files_have_chinese_words(tmp_path: Path) -> None:
    text = "一、背景\n市场在增长，规模已经很大。\n" * 40
    damaged = bytearray(text.encode())
    damaged[300] = 0xFF
    mixed = text.encode() + ("二、现状\n价格在下降，成本也在下降。\n" * 40).encode("gb18030")
    problems: list[Message] = []
    for name, data in (
        ("a.txt", bytes(damaged)),
        ("b.txt", mixed),
        ("c.txt", (text + "这里有锟斤拷锟斤拷乱码。\n").encode()),
        ("d.txt", (text + "甲\ue123乙丙。\n" * 30).encode()),
    ):
        (tmp_path / name).write_bytes(data)
        problems += parse_report(tmp_path / name).problems
    assert len(problems) > 3
    assert not [problem for problem in problems if ENGLISH.search(say(problem, "zh"))]
    assert say(TRUNCATED, "zh") == "此报告在结尾处中断"
