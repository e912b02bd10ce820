"""Bytes to text: which of the encodings of Chinese text a file is in, and where its bytes are lost.

What can be decoded is; each run of bytes that cannot is one U+FFFD, and is told with its line. Only
where too much is lost for the text to be trusted is the file refused.
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

# The byte order marks, the longer ones first: that of UTF-16 begins that of UTF-32.
_MARKS = (
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
# Of bytes that cannot be decoded: the largest share, and how many are borne in a short file up to
# a second share. A cut or a bad sector loses less than one in a hundred; where more is lost, it is
# another encoding, or a text that nobody would want quoted.
_LOST_SHARE, _LOST_FEW, _LOST_FEW_SHARE = 0.01, 8, 0.2
# Of null bytes: a program's padding. More are UTF-16, or no text at all. These few are kept in the
# raw text, and the rule `invisible` of cleaning removes them.
_NULL_SHARE = 0.01
# Of control characters, by which bytes that are no text are known.
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_CONTROL_SHARE = 0.02
# What is looked at to tell an encoding; more does not change the result.
_SAMPLE = 65_536
_SHORT = 4_096
# A part of a file is in another encoding than the rest if it has so many characters that tell, and
# is so much likelier (nats a character).
_LEAST_PART, _MUCH_LIKELIER = 6, 2.0
# Where two files were joined inside a line, each half of it has so many: of four characters of
# UTF-8 behind a lost byte, one in a thousand is as likely in GBK.
_LEAST_HALF = 12
# Of a text of the Latin alphabet, the bytes beyond ASCII are few; and what the library calls it.
_LATIN_SHARE = 0.2
_LATIN = frozenset({"cp1252", "cp1250", "cp1254", "cp1257", "latin_1", "iso8859_15", "cp850"})
_EIGHT_BIT = ("utf-8", "gb18030", "big5hkscs")
_PLACES = 5


@dataclass(frozen=True, slots=True)
class Decoded:
    """A file's text; encoding: its name, or several in the order of the text. problems: what was
    lost and where."""

    text: str
    encoding: str
    problems: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True)
class _Part:
    """A stretch of a file's bytes in one encoding."""

    encoding: str
    start: int
    end: int


def read_text(data: bytes, path: Path, limits: Limits = LIMITS) -> Decoded:
    """The text of a file's bytes, its encoding and what could not be decoded.

    A byte order mark decides; then strict UTF-8; then how much like Chinese each encoding makes
    it, line by line where one part of the file is in another encoding than the rest.

    Raises:
        YinjuError: it is no text, has more characters than the limit, or too much of it is lost.
    """
    found = _NO_TEXT.get(find_format(data) or "")
    if found:
        raise YinjuError("file.not_text", path=path, found=found)
    if len(data) > 4 * limits.chars:  # no encoding has characters of more than four bytes
        found = message("size.characters_or_more", count=len(data) // 4)
        raise beyond_limit(path, "chars", found, limits.chars)
    for mark, encoding, name in _MARKS:
        # The mark of UTF-32 is that of UTF-16 with a null character behind it as well.
        if data.startswith(mark) and (name != "utf-32" or len(data) % 4 == 0):
            return _marked(data[len(mark) :], encoding, name, path)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return _detect(data, path)
    if text.count("\0") > len(text) * _NULL_SHARE:
        return _detect(data, path)
    if _is_short_gbk(data, text):
        return Decoded(data.decode("gb18030"), "gb18030")
    return Decoded(text, "utf-8")


def _is_short_gbk(data: bytes, text: str) -> bool:
    """Whether it is GBK that happens to be UTF-8, as 目录 alone is; of words, not of characters."""
    if text.isascii() or len(data) > 64 or any(c > "\u07ff" for c in text):
        return False
    from indexer.text.lexicon import is_chinese

    try:
        told = re.sub(r"[\x00-\x7f]+", "", data.decode("gb18030"))
    except UnicodeDecodeError:
        return False
    return score_chinese(told)[0] > MIN_CHINESE_SCORE and is_chinese(told)


def _marked(data: bytes, encoding: str, name: str, path: Path) -> Decoded:
    """Text whose byte order mark names its encoding."""
    try:
        return Decoded(data.decode(encoding), name)
    except UnicodeDecodeError as error:
        decoded = _damaged([_Part(encoding, 0, len(data))], data, name)
        # Behind a lost byte the two bytes of each character are out of step: no problem of one.
        if decoded is None or (
            decoded.text and score_chinese(decoded.text[-_SAMPLE:])[0] < MIN_CHINESE_SCORE
        ):
            raise YinjuError(
                "file.marked_encoding", path=path, encoding=name, reason=error.reason
            ) from error
        return decoded


def _detect(data: bytes, path: Path) -> Decoded:
    wide = _wide(data)
    if wide:
        part = _Part(wide, 0, len(data))
        decoded = _damaged([part], data, wide)
    elif len(_CONTROL.findall(data[:_SAMPLE])) > _CONTROL_SHARE * len(data[:_SAMPLE]):
        raise YinjuError("file.binary", path=path)
    else:
        parts = _parts(data)
        if not parts:
            return _other(data, path)
        names = dict.fromkeys(_name(part, data) for part in parts)
        decoded = _damaged(parts, data, ", ".join(names))
    if decoded is None:
        raise YinjuError("file.too_much_lost", path=path, share=_LOST_SHARE)
    return decoded


def _wide(data: bytes) -> str | None:
    """UTF-16 without its mark, if that makes it Chinese or ASCII and no other encoding does."""
    sample = data[: min(_SAMPLE, len(data) // 2 * 2)]
    best = max(_score(sample, encoding)[0] for encoding in _EIGHT_BIT)
    for encoding in ("utf-16-le", "utf-16-be"):
        mean, _ = _score(sample, encoding)
        if mean > max(MIN_CHINESE_SCORE, best + _MUCH_LIKELIER):
            return encoding
    return None


def _score(sample: bytes, encoding: str) -> tuple[float, int]:
    if encoding in _EIGHT_BIT and len(sample) <= _SHORT:
        # In a short text what a lost byte puts out of step would outweigh the rest.
        return score_chinese(decode_lossy(sample, encoding)[0])
    return score_chinese(sample.decode(encoding, errors="replace"))


def _name(part: _Part, data: bytes) -> str:
    """The encoding's everyday name: Hong Kong's characters are the only ones Big5 lacks."""
    if part.encoding != "big5hkscs":
        return part.encoding
    inside = data[part.start : part.end]
    try:
        return "big5" if inside.decode("big5") == inside.decode("big5hkscs") else "big5hkscs"
    except UnicodeDecodeError:
        return "big5hkscs"


# --- parts in several encodings


def _parts(data: bytes) -> list[_Part]:
    """The file cut where its encoding changes; empty if no encoding makes it Chinese."""
    blocks = _blocks(data)
    scores = [{name: _score(sample, name) for name in _EIGHT_BIT} for _, _, sample in blocks]
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
            mean > max(MIN_CHINESE_SCORE, score[main][0] + _MUCH_LIKELIER) and count >= _LEAST_PART
        )
        chosen.append(_Part(name if other else main, start, end))
    parts = []
    for name, group in groupby(chosen, key=lambda part: part.encoding):
        members = list(group)
        parts.append(_Part(name, members[0].start, members[-1].end))
    return parts


def _blocks(data: bytes) -> list[tuple[int, int, bytes]]:
    """(start, end, sample) of the runs of lines that are UTF-8, and of those that are not.

    A line of ASCII, or of short words that only happen to be UTF-8, goes with the line before it.
    """
    blocks: list[tuple[int, int, bytearray, bool]] = []
    start = 0
    for at, end in _lines(data):
        line = data[at:end]
        kind = _line_kind(line)
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


def _lines(data: bytes) -> list[tuple[int, int]]:
    """Spans of lines with their ends; where two files were joined inside a line, of its halves."""
    spans = []
    for match in re.finditer(rb"[^\n]+\n?|\n", data):
        at, end = match.span()
        line = match[0]
        cut = 0 if line.isascii() else _joint(line)
        spans += [(at, at + cut), (at + cut, end)] if cut else [(at, end)]
    return spans


def _line_kind(line: bytes) -> bool | None:
    """Whether a line is UTF-8; None where it may be anything."""
    if line.isascii():
        return None
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True if any("\u3000" <= c <= "\uffef" for c in text) else None


def _joint(line: bytes) -> int:
    """Where in a line Chinese in UTF-8 ends and Chinese in GBK or Big5 begins, or the other way
    round; 0 if nowhere."""
    try:
        line.decode("utf-8")
        return 0
    except UnicodeDecodeError as error:
        # Its last two-byte characters may be GBK already.
        head = re.sub("[\x80-\u07ff]+$", "", line[: error.start].decode("utf-8"))
    cut = len(head.encode())
    if _both(line[:cut], line[cut:]):
        return cut
    tail = line[-_SAMPLE:].decode("utf-8", errors="surrogateescape")
    known = len(re.split("[\udc80-\udcff]", tail)[-1].encode())
    for cut in range(len(line) - known, min(len(line) - known + 4, len(line))):
        if _both(line[cut:], line[:cut]):
            return cut
    return 0


def _both(utf8: bytes, other: bytes) -> bool:
    """Whether both halves of a line are Chinese, each in its encoding."""
    if len(utf8) < 3 * _LEAST_HALF or len(other) < 2 * _LEAST_HALF:
        return False
    try:
        told = [utf8.decode("utf-8")]
        likely = max(_EIGHT_BIT[1:], key=lambda name: _score(other[:_SAMPLE], name)[0])
        told.append(other.decode(likely))
    except UnicodeDecodeError:
        return False
    scores = [score_chinese(one[:_SAMPLE]) for one in told]
    return all(mean > MIN_CHINESE_SCORE and count >= _LEAST_HALF for mean, count in scores)


# --- what is lost


def _damaged(parts: list[_Part], data: bytes, name: str) -> Decoded | None:
    """The text with its losses told; None if they are more than is borne."""
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
    if share > (_LOST_FEW_SHARE if lost <= _LOST_FEW else _LOST_SHARE):
        return None
    text = "".join(pieces)
    problems = [_encodings_problem(text, spans)] if len(parts) > 1 else []
    if lost:
        problems.append(_lost_problem(text, places, lost, name))
    return Decoded(text, name, tuple(problems))


def _encodings_problem(text: str, spans: list[tuple[_Part, int, int]]) -> Message:
    """Name the encodings of a file and the lines of each."""
    lines = line_numbers(text, [at for _, start, end in spans for at in (start, end)])
    parts = tuple(
        message("found.encoding", encoding=part.encoding, first=first, last=last)
        for (part, _, _), first, last in zip(spans, lines[::2], lines[1::2], strict=True)
    )
    found = message("found.encodings", parts=parts)
    if len(parts) > _PLACES:
        more = len(parts) - _PLACES
        found = message("found.encodings_and_more", parts=parts[:_PLACES], more=more)
    return message("problem.encodings", parts=found)


def _lost_problem(text: str, places: list[int], lost: int, name: str) -> Message:
    """Say how many bytes were lost, and in which lines."""
    numbers = list(dict.fromkeys(line_numbers(text, places)))
    lines = tuple(message("found.line", number=number) for number in numbers[:_PLACES])
    where = message("found.lines", lines=lines)
    if len(numbers) > _PLACES:
        where = message("found.lines_and_more", lines=lines, more=len(numbers) - _PLACES)
    return message("problem.lost_bytes", count=lost, encoding=name, mark=LOST, where=where)


# --- other languages


def _other(data: bytes, path: Path) -> Decoded:
    """Text of the Latin alphabet in Windows-1252; of anything else, what it seems to be.

    Raises:
        YinjuError: it is anything else.
    """
    from charset_normalizer import from_bytes

    best = from_bytes(data[:_SAMPLE]).best()
    latin = sum(byte > 0x7F for byte in data) < _LATIN_SHARE * len(data)
    if best is not None and latin and best.encoding in _LATIN:
        try:
            return Decoded(data.decode("cp1252"), "cp1252")
        except UnicodeDecodeError:
            pass
    if best is not None:
        raise YinjuError("file.likely_encoding", path=path, encoding=best.encoding)
    raise YinjuError("file.other_encoding", path=path)
