"""Decode a text file: find its encoding, and report where bytes could not be decoded.

Each run of bytes that cannot be decoded becomes one U+FFFD and is reported with its line. A file is
refused only if too much is lost to trust the text.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from indexer.config import LIMITS, Limits, beyond_limit
from indexer.errors import YinjuError
from indexer.messages import Message, message
from indexer.text.patterns import line_numbers

from .likeness import MIN_CHINESE_SCORE, score_chinese
from .lossy_decoding import LOST, decode_lossy
from .signatures import find_format

# Longer marks come before shorter ones: the mark of UTF-32 begins with that of UTF-16.
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8", "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32-le", "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32-be", "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "utf-16"),
)
# What a file is that is no text, whatever its name says, by the format that it begins like.
_NO_TEXT = {
    "zip": message("found.zip_as_office"),
    "ole": message("found.old_office_suffixes"),
    "pdf": message("found.pdf"),
    "rtf": message("found.rtf"),
    "png": message("found.picture_of_format", format="PNG"),
    "jpeg": message("found.picture_of_format", format="JPEG"),
    "gif": message("found.picture_of_format", format="GIF"),
    "tiff": message("found.picture_of_format", format="TIFF"),
    "gzip": message("found.archive", format="gzip"),
    "7z": message("found.archive", format="7z"),
    "rar": message("found.archive", format="RAR"),
    "sqlite": message("found.sqlite"),
    "elf": message("found.program"),
}
# The largest share of bytes that may be lost; up to `_FEW_LOST` bytes, a larger share may be lost in
# a short file. A cut or a bad sector loses less than one byte in a hundred. Where more is lost, the
# file is in another encoding, or its text is useless.
_MAX_LOST_SHARE, _FEW_LOST, _MAX_FEW_LOST_SHARE = 0.01, 8, 0.2
# The largest share of null bytes, which some programs add as padding. More of them mean UTF-16, or
# no text at all. The few are kept in the raw text, and the cleaning rule `invisible` removes them.
_MAX_NULL_SHARE = 0.01
# The largest share of control characters; with more, the bytes are no text.
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_MAX_CONTROL_SHARE = 0.02
# How many bytes are looked at to find the encoding; more do not change the result.
_SAMPLE = 65_536
_SHORT_SAMPLE = 4_096
# A part of a file has another encoding than the rest if it has this many characters that count, and
# its score in that encoding is higher by this much (nats a character).
_MIN_SPAN, _MIN_ADVANTAGE = 6, 2.0
# Where two files were joined inside a line, each half has at least this many characters. Four
# characters of UTF-8 behind a lost byte are as likely in GBK once in a thousand.
_MIN_HALF = 12
# A text in the Latin alphabet has at most this share of bytes beyond ASCII. Its encoding has one of
# these names in charset_normalizer.
_MAX_LATIN_SHARE = 0.2
_LATIN = frozenset({"cp1252", "cp1250", "cp1254", "cp1257", "latin_1", "iso8859_15", "cp850"})
_EIGHT_BIT = ("utf-8", "gb18030", "big5hkscs")
_MAX_PLACES = 5


@dataclass(frozen=True, slots=True)
class Decoded:
    """A file's decoded text."""

    text: str
    encoding: str
    """The name of the encoding, or several names in the order of the text."""
    problems: tuple[Message, ...] = ()
    """What was lost, and where."""


@dataclass(frozen=True, slots=True)
class _EncodedSpan:
    """A span of a file's bytes in one encoding."""

    encoding: str
    start: int
    end: int


def read_text(data: bytes, path: Path, limits: Limits = LIMITS) -> Decoded:
    """Decode a file; return its text, its encoding and what could not be decoded.

    Tried are, in this order: the byte order mark, strict UTF-8, and the encoding in which the text
    looks most like Chinese, line by line if a part of the file has another encoding than the rest.

    Raises:
        YinjuError: it is no text, has more characters than the limit, or too much of it is lost.
    """
    found = _NO_TEXT.get(find_format(data) or "")
    if found:
        raise YinjuError("file.not_text", path=path, found=found)
    if len(data) > 4 * limits.chars:  # no encoding has characters of more than four bytes
        found = message("size.characters_or_more", count=len(data) // 4)
        raise beyond_limit(path, "chars", found, limits.chars)
    for mark, encoding, name in _BYTE_ORDER_MARKS:
        # The mark of UTF-32 is that of UTF-16 with a null character behind it as well.
        if data.startswith(mark) and (name != "utf-32" or len(data) % 4 == 0):
            return _decode_marked(data[len(mark) :], encoding, name, path)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return _detect_encoding(data, path)
    if text.count("\0") > len(text) * _MAX_NULL_SHARE:
        return _detect_encoding(data, path)
    if _is_short_gbk(data, text):
        return Decoded(data.decode("gb18030"), "gb18030")
    return Decoded(text, "utf-8")


def _is_short_gbk(data: bytes, text: str) -> bool:
    """Return whether a short text is GBK although it is valid UTF-8 by chance, as 目录 alone is.

    It must consist of Chinese words, not only of common characters.
    """
    if text.isascii() or len(data) > 64 or any(c > "\u07ff" for c in text):
        return False
    from indexer.text.lexicon import is_chinese

    try:
        chinese = re.sub(r"[\x00-\x7f]+", "", data.decode("gb18030"))
    except UnicodeDecodeError:
        return False
    return score_chinese(chinese)[0] > MIN_CHINESE_SCORE and is_chinese(chinese)


def _decode_marked(data: bytes, encoding: str, name: str, path: Path) -> Decoded:
    """Decode a text whose byte order mark names its encoding."""
    try:
        return Decoded(data.decode(encoding), name)
    except UnicodeDecodeError as error:
        decoded = _decode_spans([_EncodedSpan(encoding, 0, len(data))], data, name)
        # Behind a lost byte the two bytes of each character are out of step: no problem of one.
        if decoded is None or (
            decoded.text and score_chinese(decoded.text[-_SAMPLE:])[0] < MIN_CHINESE_SCORE
        ):
            raise YinjuError(
                "file.marked_encoding", path=path, encoding=name, reason=error.reason
            ) from error
        return decoded


def _detect_encoding(data: bytes, path: Path) -> Decoded:
    wide = _detect_utf16(data)
    if wide:
        part = _EncodedSpan(wide, 0, len(data))
        decoded = _decode_spans([part], data, wide)
    elif len(_CONTROL.findall(data[:_SAMPLE])) > _MAX_CONTROL_SHARE * len(data[:_SAMPLE]):
        raise YinjuError("file.binary", path=path)
    else:
        parts = _split_by_encoding(data)
        if not parts:
            return _decode_latin(data, path)
        names = dict.fromkeys(_everyday_name(part, data) for part in parts)
        decoded = _decode_spans(parts, data, ", ".join(names))
    if decoded is None:
        raise YinjuError("file.too_much_lost", path=path, share=_MAX_LOST_SHARE)
    return decoded


def _detect_utf16(data: bytes) -> str | None:
    """Return UTF-16 without a mark if only that makes the text Chinese or ASCII; else None."""
    sample = data[: min(_SAMPLE, len(data) // 2 * 2)]
    best = max(_score_encoding(sample, encoding)[0] for encoding in _EIGHT_BIT)
    for encoding in ("utf-16-le", "utf-16-be"):
        mean, _ = _score_encoding(sample, encoding)
        if mean > max(MIN_CHINESE_SCORE, best + _MIN_ADVANTAGE):
            return encoding
    return None


def _score_encoding(sample: bytes, encoding: str) -> tuple[float, int]:
    if encoding in _EIGHT_BIT and len(sample) <= _SHORT_SAMPLE:
        # In a short text, the characters shifted by a lost byte would outweigh the rest.
        return score_chinese(decode_lossy(sample, encoding)[0])
    return score_chinese(sample.decode(encoding, errors="replace"))


def _everyday_name(part: _EncodedSpan, data: bytes) -> str:
    """Return an encoding's everyday name: big5 unless the text has characters of Hong Kong."""
    if part.encoding != "big5hkscs":
        return part.encoding
    inside = data[part.start : part.end]
    try:
        return "big5" if inside.decode("big5") == inside.decode("big5hkscs") else "big5hkscs"
    except UnicodeDecodeError:
        return "big5hkscs"


# --- parts in several encodings


def _split_by_encoding(data: bytes) -> list[_EncodedSpan]:
    """Split the file where its encoding changes; empty if no encoding makes it Chinese."""
    blocks = _group_lines(data)
    scores = [
        {name: _score_encoding(sample, name) for name in _EIGHT_BIT} for _, _, sample in blocks
    ]
    best = [max(score, key=lambda name: score[name][0]) for score in scores]
    sizes = dict.fromkeys(_EIGHT_BIT, 0)
    for name, score, (start, end, _) in zip(best, scores, blocks, strict=True):
        if score[name][0] > MIN_CHINESE_SCORE:
            sizes[name] += end - start
    main = max(sizes, key=lambda name: sizes[name])
    if not sizes[main]:
        return []
    chosen = []
    for name, score, (start, end, _) in zip(best, scores, blocks, strict=True):
        mean, count = score[name]
        other = (
            mean > max(MIN_CHINESE_SCORE, score[main][0] + _MIN_ADVANTAGE) and count >= _MIN_SPAN
        )
        chosen.append(_EncodedSpan(name if other else main, start, end))
    parts = []
    for name, group in groupby(chosen, key=lambda part: part.encoding):
        members = list(group)
        parts.append(_EncodedSpan(name, members[0].start, members[-1].end))
    return parts


def _group_lines(data: bytes) -> list[tuple[int, int, bytes]]:
    """Return (start, end, sample) of each run of lines that are UTF-8, or that are not.

    A line of ASCII, or of short words that may be UTF-8 by chance, belongs to the line before it.
    """
    blocks: list[tuple[int, int, bytearray, bool]] = []
    start = 0
    for at, end in _split_lines(data):
        line = data[at:end]
        kind = _is_utf8_line(line)
        if kind is None:
            continue
        if not blocks or blocks[-1][3] != kind:
            if blocks:
                blocks[-1] = (blocks[-1][0], at, *blocks[-1][2:])
                start = at
            blocks.append((start, end, bytearray(), kind))
        sample = blocks[-1][2]
        sample += line[: _SAMPLE - len(sample)]
    if blocks:
        blocks[-1] = (blocks[-1][0], len(data), *blocks[-1][2:])
    return [(first, last, bytes(sample)) for first, last, sample, _ in blocks]


def _split_lines(data: bytes) -> list[tuple[int, int]]:
    """Return the spans of lines; a line in which two files were joined gives two spans."""
    spans = []
    for match in re.finditer(rb"[^\n]+\n?|\n", data):
        at, end = match.span()
        line = match[0]
        cut = 0 if line.isascii() else _find_joint(line)
        spans += [(at, at + cut), (at + cut, end)] if cut else [(at, end)]
    return spans


def _is_utf8_line(line: bytes) -> bool | None:
    """Return whether a line is UTF-8; None if it shows nothing."""
    if line.isascii():
        return None
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True if any("\u3000" <= c <= "\uffef" for c in text) else None


def _find_joint(line: bytes) -> int:
    """Return where in a line Chinese in UTF-8 borders on Chinese in GBK or Big5; 0 if nowhere."""
    try:
        line.decode("utf-8")
        return 0
    except UnicodeDecodeError as error:
        # The last characters of two bytes may be GBK already.
        head = re.sub("[\x80-\u07ff]+$", "", line[: error.start].decode("utf-8"))
    cut = len(head.encode())
    if _are_both_chinese(line[:cut], line[cut:]):
        return cut
    tail = line[-_SAMPLE:].decode("utf-8", errors="surrogateescape")
    known = len(re.split("[\udc80-\udcff]", tail)[-1].encode())
    for cut in range(len(line) - known, min(len(line) - known + 4, len(line))):
        if _are_both_chinese(line[cut:], line[:cut]):
            return cut
    return 0


def _are_both_chinese(utf8: bytes, other: bytes) -> bool:
    """Return whether both halves of a line are Chinese, each in its encoding."""
    if len(utf8) < 3 * _MIN_HALF or len(other) < 2 * _MIN_HALF:
        return False
    try:
        halves = [utf8.decode("utf-8")]
        likely = max(_EIGHT_BIT[1:], key=lambda name: _score_encoding(other[:_SAMPLE], name)[0])
        halves.append(other.decode(likely))
    except UnicodeDecodeError:
        return False
    scores = [score_chinese(half[:_SAMPLE]) for half in halves]
    return all(mean > MIN_CHINESE_SCORE and count >= _MIN_HALF for mean, count in scores)


# --- what is lost


def _decode_spans(parts: list[_EncodedSpan], data: bytes, name: str) -> Decoded | None:
    """Decode spans of a file and report what is lost; None if too much is lost."""
    pieces, places, spans, lost, at = [], [], [], 0, 0
    for part in parts:
        inside = data[part.start : part.end]
        text, missing = decode_lossy(inside, part.encoding)
        if missing:
            places += [at + match.start() for match in re.finditer(LOST, text)]
        pieces.append(text)
        spans.append((part, at, at + len(text.rstrip("\n"))))
        lost += missing
        at += len(text)
    share = lost / max(1, len(data))
    if share > (_MAX_FEW_LOST_SHARE if lost <= _FEW_LOST else _MAX_LOST_SHARE):
        return None
    text = "".join(pieces)
    problems = [_encodings_problem(text, spans)] if len(parts) > 1 else []
    if lost:
        problems.append(_lost_problem(text, places, lost, name))
    return Decoded(text, name, tuple(problems))


def _encodings_problem(text: str, spans: list[tuple[_EncodedSpan, int, int]]) -> Message:
    """Name the encodings of a file and the lines of each."""
    lines = line_numbers(text, [at for _, start, end in spans for at in (start, end)])
    parts = tuple(
        message("found.encoding", encoding=part.encoding, first=first, last=last)
        for (part, _, _), first, last in zip(spans, lines[::2], lines[1::2], strict=True)
    )
    found = message("found.encodings", parts=parts)
    if len(parts) > _MAX_PLACES:
        more = len(parts) - _MAX_PLACES
        found = message("found.encodings_and_more", parts=parts[:_MAX_PLACES], more=more)
    return message("problem.encodings", parts=found)


def _lost_problem(text: str, places: list[int], lost: int, name: str) -> Message:
    """Say how many bytes were lost, and in which lines."""
    numbers = list(dict.fromkeys(line_numbers(text, places)))
    lines = tuple(message("found.line", number=number) for number in numbers[:_MAX_PLACES])
    where = message("found.lines", lines=lines)
    if len(numbers) > _MAX_PLACES:
        where = message("found.lines_and_more", lines=lines, more=len(numbers) - _MAX_PLACES)
    return message("problem.lost_bytes", count=lost, encoding=name, mark=LOST, where=where)


# --- other languages


def _decode_latin(data: bytes, path: Path) -> Decoded:
    """Decode a text in the Latin alphabet as Windows-1252; refuse any other.

    Raises:
        YinjuError: it is anything else.
    """
    from charset_normalizer import from_bytes

    best = from_bytes(data[:_SAMPLE]).best()
    latin = sum(byte > 0x7F for byte in data) < _MAX_LATIN_SHARE * len(data)
    if best is not None and latin and best.encoding in _LATIN:
        try:
            return Decoded(data.decode("cp1252"), "cp1252")
        except UnicodeDecodeError:
            pass
    if best is not None:
        raise YinjuError("file.likely_encoding", path=path, encoding=best.encoding)
    raise YinjuError("file.other_encoding", path=path)
