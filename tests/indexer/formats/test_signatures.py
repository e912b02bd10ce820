"""Binary files are recognized by their first bytes; each is written by another program's code."""

from __future__ import annotations

import gzip
import io
import sqlite3
import sys
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from indexer.formats.signatures import find_format


@pytest.mark.parametrize("name", ["png", "jpeg", "gif", "tiff"])
def test_pictures(name: str) -> None:
    file = io.BytesIO()
    Image.new("RGB", (2, 2)).save(file, name)
    assert find_format(file.getvalue()) == name


def test_archives() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.txt", "甲")
    assert find_format(file.getvalue()) == "zip"
    assert find_format(gzip.compress(b"a")) == "gzip"


def test_a_database(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "a.sqlite") as connection:
        connection.execute("CREATE TABLE a (b)")
    assert find_format((tmp_path / "a.sqlite").read_bytes()) == "sqlite"


@pytest.mark.skipif(sys.platform != "linux", reason="programs of Linux are ELF files")
def test_a_program() -> None:
    assert find_format(Path(sys.executable).resolve().read_bytes()[:64]) == "elf"


def test_a_shipped_pdf() -> None:
    report = Path(__file__).parents[3] / "corpus/reports/cold-chain.pdf"
    assert find_format(report.read_bytes()) == "pdf"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "gb18030", "big5"])
def test_text_is_none(encoding: str) -> None:
    assert find_format("報告，一段文字。".encode(encoding)) is None
    assert find_format(b"") is None
