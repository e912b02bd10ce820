"""The documentation says what the program does: commands, options, variables, example, both languages."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import fields
from importlib.util import find_spec
from pathlib import Path

import pytest

from indexer.config import Limits, limit_variable
from qa.index import Index

from .conftest import ROOT

YINJU = (sys.executable, "-c", "from ui import main; main()")
NAMES = ("README.md", "docs/reference.md", "CONTRIBUTING.md", "CHANGELOG.md")
TEXTS = {name: (ROOT / name).read_text(encoding="utf-8") for name in NAMES}
README, REFERENCE = TEXTS["README.md"], TEXTS["docs/reference.md"]
PAIRS = [
    (text, (ROOT / name.replace(".md", ".zh-CN.md")).read_text(encoding="utf-8"))
    for name, text in TEXTS.items()
    if name in ("README.md", "docs/reference.md")
]
COMMANDS = sorted(
    set(
        re.findall(
            r"yinju (index|ask|search|reports|describe|remove|snapshots|rollback|clean|eval|serve)\b",
            REFERENCE,
        )
    )
)


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


def commands(text: str) -> list[str]:
    """Shell lines of all blocks, without comments."""
    lines = "".join(blocks(text, "sh")).splitlines()
    return [line.split("#")[0].strip() for line in lines]


def run(index: Index, *args: str, cwd: Path) -> str:
    result = subprocess.run(
        [*args],
        capture_output=True,
        text=True,
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), "YINJU_CACHE": str(index.config.cache)},
        check=False,
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


def test_the_python_example_runs(corpus_index: Index, tmp_path: Path) -> None:
    (code,) = blocks(README, "python")
    assert len([line for line in code.splitlines() if line.strip()]) <= 11
    (tmp_path / ".yinju").symlink_to(corpus_index.config.index)
    assert "增值服务" in run(corpus_index, sys.executable, "-c", code, cwd=tmp_path)


def test_the_shell_example_prints_what_is_shown(corpus_index: Index, tmp_path: Path) -> None:
    (question,) = re.findall(r'yinju ask "(.+)"', README)
    (shown,) = blocks(README, "text")
    index = str(corpus_index.config.index)
    printed = run(corpus_index, *YINJU, "ask", question, "--index", index, cwd=tmp_path)
    assert printed.replace(f"{ROOT}/", "") == shown


@pytest.mark.parametrize("name", NAMES)
def test_make_targets_exist(name: str) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"\bmake ([a-z]+)", TEXTS[name]):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


@pytest.mark.parametrize("name", NAMES)
def test_modules_that_are_run_exist(name: str) -> None:
    for module in re.findall(r"python -m ((?:tests|qa|indexer)[\w.]*)", TEXTS[name]):
        assert find_spec(module), module


@pytest.mark.parametrize("command", COMMANDS)
def test_flags_exist(command: str) -> None:
    rows = "\n".join(re.findall(rf"yinju {command}\b[^\n]*", REFERENCE))
    flags = set(re.findall(r"(?<![\w-])(--?[a-z]+)\b", rows))
    shown = subprocess.run(
        [*YINJU, command, "--help"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
        env={"COLUMNS": "200", "PATH": "", "TERM": "dumb"},
    ).stdout
    assert {flag for flag in flags if flag not in shown} == set()


def test_every_command_is_in_the_reference() -> None:
    shown = subprocess.run(
        [*YINJU, "--help"], capture_output=True, text=True, cwd=ROOT, check=True
    ).stdout
    assert set(re.findall(r"^│ ([a-z]+) ", shown, re.MULTILINE)) == set(COMMANDS)


def test_variables_are_the_ones_that_are_read() -> None:
    source = (ROOT / "indexer/config.py").read_text(encoding="utf-8")
    limits = {limit_variable(field.name) for field in fields(Limits)}
    read = limits | set(re.findall(r"YINJU_[A-Z]+(?![A-Z_*])", source))
    assert set(re.findall(r"YINJU_[A-Z_]+", REFERENCE)) == read


@pytest.mark.parametrize("text", PAIRS[1], ids=["en", "zh"])
def test_defaults_of_the_limits_are_told(text: str) -> None:
    told = {}
    for line in text.splitlines():
        names = re.findall(r"YINJU_MAX_[A-Z_]+", line)
        if names and line.startswith("|"):
            told |= dict(zip(names, re.findall(r"\d+", line.split("|")[-2]), strict=True))
    assert told == {limit_variable(f.name): str(getattr(Limits(), f.name)) for f in fields(Limits)}


@pytest.mark.parametrize("name", NAMES)
def test_files_that_are_named_exist(name: str) -> None:
    folder = (ROOT / name).parent
    for file in re.findall(r"[\w./-]+/[\w.-]+\.(?:py|md|png|txt|jsonl|json)\b", TEXTS[name]):
        if not file.startswith(("path/", "another/")):
            assert (ROOT / file).exists() or (folder / file).exists(), file


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_folders_that_are_named_exist(name: str) -> None:
    for folder in re.findall(r"`((?:indexer|qa|tests|corpus)/[\w/]*)/`", TEXTS[name]):
        assert (ROOT / folder).is_dir(), folder


@pytest.mark.parametrize(("english", "chinese"), PAIRS, ids=["README", "reference"])
def test_the_translation_keeps_step(english: str, chinese: str) -> None:
    for language in ("python", "sh", "text"):
        assert len(blocks(english, language)) == len(blocks(chinese, language))
    assert blocks(english, "python") == blocks(chinese, "python")
    assert commands(english) == commands(chinese)
    assert english.count("\n## ") == chinese.count("\n## ")
    assert english.count("\n| ") == chinese.count("\n| ")
    numbers = re.compile(r"`[^`\n]*`")
    assert set(numbers.findall(english)) - set(numbers.findall(chinese)) == set()
