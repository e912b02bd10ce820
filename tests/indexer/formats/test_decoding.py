"""Encodings told apart by their text, damaged bytes told with their places, and no text refused."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from indexer.config import Limits
from indexer.errors import YinjuError
from indexer.formats.decoding import Decoded, read_text
from indexer.formats.lossy_decoding import decode_lossy
from indexer.load import load
from tests.conftest import ROOT

PATH = Path("a.txt")
SIMPLE = (ROOT / "corpus/sources/cold-chain.txt").read_text(encoding="utf-8")
SHORT = "市场规模持续扩大。\n"
COMPLEX = "近年來，中國互聯網消費金融市場快速增長，市場規模達到十萬億元以上。\n監管政策日益完善。\n"
HONG_KONG = "香港嘅零售市場喺去年增長咗百分之五，佢哋話消費者嘅信心返晒嚟。\n"


def read(data: bytes) -> Decoded:
    return read_text(data, PATH)


@pytest.mark.parametrize("text", [SIMPLE, COMPLEX * 20, COMPLEX, SHORT, "市场规模持续扩大", "目录"])
@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be", "gb18030", "gbk"],
)
def test_an_encoding_is_told_from_the_text(text: str, encoding: str) -> None:
    decoded = read(text.encode(encoding, "ignore"))
    assert decoded.text == text.encode(encoding, "ignore").decode(encoding)
    assert decoded.problems == ()
    assert decoded.encoding == encoding.replace("gbk", "gb18030")


@pytest.mark.parametrize("text", [COMPLEX * 20, COMPLEX, "市場規模持續擴大。", "目錄"])
def test_big5(text: str) -> None:
    assert read(text.encode("big5")) == Decoded(text, "big5")


def test_big5_with_the_characters_of_hong_kong() -> None:
    assert read(HONG_KONG.encode("big5hkscs")) == Decoded(HONG_KONG, "big5hkscs")


@pytest.mark.parametrize("order", ["le", "be"])
def test_utf16_and_utf32_of_both_byte_orders(order: str) -> None:
    for width in ("16", "32"):
        name = f"utf-{width}"
        data = ("\ufeff" + SHORT).encode(f"{name}-{order}")
        assert read(data) == Decoded(SHORT, name)


@pytest.mark.parametrize("encoding", ["gb18030", "big5"])
@pytest.mark.parametrize("chinese", ["市場", "監管政策日益完善"])
def test_a_few_chinese_words_in_ascii(encoding: str, chinese: str) -> None:
    text = "The report describes the market in detail.\n" * 400 + f"{chinese} (2020)\n"
    assert read(text.encode(encoding)) == Decoded(text, encoding)


def test_ascii_in_utf16_without_a_mark() -> None:
    text = "The report describes the market.\n"
    assert read(text.encode("utf-16-le")) == Decoded(text, "utf-16-le")


@pytest.mark.parametrize("encoding", ["gb18030", "big5hkscs", "utf-16-le", "utf-16-be"])
def test_ten_characters_are_enough(encoding: str) -> None:
    source = SIMPLE if encoding == "gb18030" else COMPLEX
    rng = random.Random(0)
    body = source.replace("\n", "")
    wrong = 0
    for _ in range(200):
        at = rng.randrange(len(body) - 10)
        text = body[at : at + 10]
        if text.isascii():
            continue
        wrong += read(text.encode(encoding)).text != text
    assert wrong <= 2  # 1 %


def test_a_latin_text_is_windows_1252() -> None:
    text = "Müller à Genève said the café’s turnover fell – naïvely. " * 10
    assert read(text.encode("cp1252")) == Decoded(text, "cp1252")
    assert read(text.encode()) == Decoded(text, "utf-8")


def test_greek_and_cyrillic_in_utf8_are_not_taken_for_gbk() -> None:
    for text in ("Дом", "Москва", "ελλάδα", "Ñandú", "é"):
        assert read(text.encode()) == Decoded(text, "utf-8")


# --- damage


@pytest.mark.parametrize(
    ("damage", "lost"),
    [
        (lambda data, at: data[:at] + data[at + 1 :], 2),  # a byte lost inside a character
        (lambda data, at: data[:at] + b"\xe9\xff" + data[at:], 2),  # Latin-1 between characters
        (lambda data, at: data[: at + 1], 1),  # cut off inside a character
    ],
)
def test_broken_utf8_loses_only_what_is_broken(damage, lost: int) -> None:  # type: ignore[no-untyped-def]
    text = "市场规模持续扩大。\n" * 20
    data = text.encode()
    at = data.index("规模".encode(), 300)
    decoded = read(damage(data, at))
    line = data[:at].count(b"\n") + 1
    assert decoded.encoding == "utf-8"
    assert decoded.text.count("\ufffd") == 1
    assert decoded.text.startswith("市场规模持续扩大。\n" * 10)
    what = "byte is" if lost == 1 else "bytes are"
    assert tuple(map(str, decoded.problems)) == (
        f"{lost} {what} no utf-8 and could not be read (\ufffd): line {line}",
    )
    kept = decoded.text.replace("\ufffd", "")
    assert sum(kept.count(c) for c in "市扩大。") >= 4 * text[: decoded.text.index("\ufffd")].count(
        "\n"
    )


def test_many_places_are_counted() -> None:
    lines = [f"市场规模持续扩大第{n}期。".encode() for n in range(400)]
    for n in range(0, 400, 50):
        lines[n] = lines[n][:7] + lines[n][8:]
    (problem,) = map(str, read(b"\n".join(lines)).problems)
    assert problem.startswith("16 bytes are no utf-8")
    assert problem.endswith("line 1, line 51, line 101, line 151, line 201 and 3 more lines")


@pytest.mark.parametrize(("encoding", "text"), [("gb18030", SIMPLE), ("big5", COMPLEX * 20)])
@pytest.mark.parametrize("size", [1, 3])
def test_lost_bytes_of_two_byte_characters_put_nothing_out_of_step(
    encoding: str, text: str, size: int
) -> None:
    data = text.encode(encoding)
    rng = random.Random(size)
    for _ in range(20):
        at = rng.randrange(len(data) // 2, len(data) - 200)
        decoded = read(data[:at] + data[at + size :])
        assert decoded.encoding == encoding
        kept = decoded.text.replace("\ufffd", "")
        # Two characters beside the cut, and what it took.
        same = next((i for i, (a, b) in enumerate(zip(text, kept, strict=False)) if a != b), 0)
        same += next(
            (i for i, (a, b) in enumerate(zip(text[::-1], kept[::-1], strict=False)) if a != b), 0
        )
        assert same >= len(text) - 6


def test_a_file_whose_halves_are_in_two_encodings() -> None:
    first, second = "市场规模扩大，持续增长。\n" * 30, "监管政策日益完善，企业合规。\n" * 40
    for one, other in (("utf-8", "gb18030"), ("gb18030", "utf-8")):
        decoded = read(first.encode(one) + second.encode(other))
        assert decoded.text == first + second
        assert decoded.encoding == f"{one}, {other}"
        assert tuple(map(str, decoded.problems)) == (
            f"the file is in several encodings: {one} in lines 1-30, {other} in lines 31-70",
        )
        joined = read(first.rstrip().encode(one) + second.encode(other))
        assert joined.text == first.rstrip() + second
    taken = read(COMPLEX.encode() + COMPLEX.encode("big5"))
    assert taken.text == COMPLEX * 2
    assert taken.encoding == "utf-8, big5"


def test_a_lost_byte_of_utf16_at_the_end() -> None:
    decoded = read(("\ufeff" + SHORT * 30).encode("utf-16-le")[:-1])
    assert decoded.text == SHORT.strip() + ("\n" + SHORT.strip()) * 29 + "\ufffd"
    assert len(decoded.problems) == 1


def test_a_few_null_bytes_stay_in_the_raw_text() -> None:
    text = SHORT * 20 + "\0市场\0"
    assert read(text.encode()) == Decoded(text, "utf-8")


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"PK\x03\x04" + b"\0" * 40, "a zip archive"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "a PDF"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "a PNG picture"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "a JPEG picture"),
        (b"{\\rtf1\\ansi}", "an RTF text"),
        (random.Random(0).randbytes(5000), "binary data"),
        (random.Random(1).randbytes(40), "is not text"),
        (SHORT.encode() + b"\0" * 100, "binary data"),
        ("日本語のテキストです。市場は拡大した。\n".encode("shift_jis") * 20, "seems to be"),
        (SHORT.encode()[:-4] * 3 + b"\xff\xfe\xfd" * 20 + SHORT.encode(), "is not text"),
    ],
)
def test_what_is_no_text_is_told_in_one_line(data: bytes, kind: str) -> None:
    with pytest.raises(YinjuError, match=kind) as caught:
        read(data)
    assert str(caught.value).startswith("a.txt: is not text")
    assert "\n" not in str(caught.value)


def test_what_is_longer_than_the_limit_is_refused_before_it_is_decoded() -> None:
    with pytest.raises(YinjuError, match="characters or more are more than the limit of 10"):
        read_text(b"\xff" * 44, PATH, Limits(chars=10))
    assert read_text(b"a" * 40, PATH, Limits(chars=10)).text == "a" * 40


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.csv"])
def test_loaders_tell_the_problems(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes("年份,台数\n".encode() + "市场,规模\n".encode() * 40 + b"\xe4\xb8,1\n")
    loaded = load(path)
    assert "\ufffd" in loaded.text
    assert tuple(map(str, loaded.problems)) == (
        "2 bytes are no utf-8 and could not be read (\ufffd): line 42",
    )


def test_a_long_run_without_a_bound_is_cut_in_pieces() -> None:
    data = ("市场规模持续扩大" * 9000).encode("gb18030")
    text, lost = decode_lossy(data[:135_001] + data[135_002:], "gb18030")
    assert lost == 1
    assert lost + text.count("\ufffd") == 2
    assert text.startswith("市场规模持续扩大" * 8000)
    assert text.endswith("市场规模持续扩大" * 500)
