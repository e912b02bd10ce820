"""Damage that is left in a clean text: places that cannot be read and that no rule could repair.

They stay as they are, and the report's problems name them. Genuine text has none of the patterns.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from indexer.messages import Message, message
from indexer.structure.outline import Node, heading_path
from indexer.text.fold import fold_chars
from indexer.text.patterns import IDEOGRAPH, line_numbers
from indexer.text.segment import plain_tokenizer

from .mojibake import UTF8_AS_GBK
from .trail import Trail

# A report has so many problems about damage at most, one for each line.
MAX_LINES = 10
# Characters of a message: beside the damage on either side, and of the damage itself.
_BESIDE, _MAX_SHOWN = 5, 24


@dataclass(frozen=True, slots=True)
class Damage:
    """A span of the clean text that cannot be read."""

    start: int
    end: int
    why: Message
    """The cause of the damage."""


_CONVERTED = message("problem.converted")
# Signs of Windows-1252 whose bytes only continue a character of UTF-8 or GBK, without
# the quotation marks, dashes and stops of genuine text.
_SIGN = "[\x80-\x9f¡-´¶¸-¿‚ƒ„†‡ˆ‰Š‹ŒŽ˜™š›œžŸ€•]"
_LETTER = "[À-ÿ]"
_PATTERNS = re.compile(
    "(?P<lost>\ufffd+)"
    "|(?P<converted>[锟錕]斤拷(?:[锟錕]|斤?拷)*|[锛銆]\\?)"
    "|(?P<memory>[烫燙]{3,}|屯{3,})"
    f"|(?P<encoding>{UTF8_AS_GBK}|(?:{_LETTER}{_SIGN}{{1,3}}){{2,}}|{_LETTER}{{6,}})"
    "|(?P<private>[\ue000-\uf8ff\U000f0000-\U0010ffff]+)"
)
_WHY = {
    "lost": message("problem.lost"),
    "converted": _CONVERTED,
    "memory": message("problem.memory"),
    "encoding": message("problem.encoding"),
    "private": message("problem.private"),
}
_QUESTION_MARKS = re.compile(r"\?{2,}")
_STOPS = re.compile(r"[。！？；!;,，、：:\n「」“”（）()]")
# Words of a question, which may end in several question marks.
_QUESTION_WORD = re.compile(
    r"[吗呢吧谁何哪几孰啊么咩嘛啥]|怎|多[少大久远高长深重]|是否|能否|有没有|是不是|还是|[好行对]不"
)
# The question is looked for back to the end of the sentence before it, at most so many characters.
_SENTENCE_END, _MAX_SENTENCE = re.compile(r"[。！!\n]"), 60
# Words of one character that stand at the start or end of a sentence as well as inside it.
_EDGE_WORDS = frozenset(
    "我你您他她它这那此其的地得了着过是不没有在和与及或但而且又也都就才还再很太真好对为因所以"
    "请让把被给向从到于如若则即将已可会能要想说看问答嗯哦呵哈哎唉"
    "来去上下中大小多少一二三四五六七八九十年月日元人"
)


def find_damage(text: str) -> list[Damage]:
    """Return the places that cannot be read, in order. Time is linear in the text."""
    found = [
        Damage(match.start(), match.end(), _WHY[match.lastgroup or "lost"])
        for match in _PATTERNS.finditer(text)
    ]
    found += [
        Damage(match.start(), match.end(), _CONVERTED)
        for match in _QUESTION_MARKS.finditer(text)
        if _are_lost_characters(text, match.start(), match.end())
    ]
    return sorted(found, key=lambda damage: damage.start)


def _are_lost_characters(text: str, start: int, end: int) -> bool:
    """Whether question marks stand for lost characters.

    They do if Chinese stands on both sides, the sentence has no word of a question, and the text
    before or behind them ends or begins in the middle of a word.
    """
    sentence = fold_chars(_SENTENCE_END.split(text[max(0, start - _MAX_SENTENCE) : start])[-1])
    before = _STOPS.split(sentence)[-1]
    behind = _STOPS.split(fold_chars(text[end : end + 20]), maxsplit=1)[0]
    if not IDEOGRAPH.match(before[-1:]) or not IDEOGRAPH.match(behind[:1]):
        return False
    if _QUESTION_WORD.search(sentence):
        return False
    tokenizer = plain_tokenizer()
    last = list(tokenizer.cut(before, HMM=False))[-1]
    first = next(iter(tokenizer.cut(behind, HMM=False)))
    return any(len(word) == 1 and word not in _EDGE_WORDS for word in (last, first))


def damage_problems(trail: Trail, nodes: tuple[Node, ...]) -> tuple[Message, ...]:
    """Return a problem for each raw line with damage, up to `MAX_LINES`, then the number of others.

    Args:
        nodes: the outline of the clean text.
    """
    found = find_damage(trail.text)
    places = [trail.raw_span(damage.start, damage.end)[0] for damage in found]
    numbered = zip(line_numbers(trail.raw, places), found, strict=True)
    lines = [
        (line, [damage for _, damage in members])
        for line, members in groupby(numbered, key=lambda pair: pair[0])
    ]
    problems = [
        _to_problem(trail.text, nodes, line, members) for line, members in lines[:MAX_LINES]
    ]
    if len(lines) > MAX_LINES:
        problems.append(message("problem.more_damage", lines=len(lines) - MAX_LINES))
    return tuple(problems)


def _to_problem(
    text: str, nodes: tuple[Node, ...], line: int, members: Sequence[Damage]
) -> Message:
    """Return the problem of one raw line: its first damage, and how many more it has."""
    first = members[0]
    section = _find_section(text, nodes, first.start)
    values = {
        "line": line,
        "text": _excerpt(text, first),
        "count": len(members),
        "more": len(members) - 1,
        "why": first.why,
    }
    if section:
        return message("problem.damage_in_section", section=section, **values)
    return message("problem.damage", **values)


def _excerpt(text: str, damage: Damage) -> str:
    """Return the damage, shortened, with the text beside it in its line."""
    before = text[max(0, damage.start - _BESIDE) : damage.start].rsplit("\n", 1)[-1]
    behind = text[damage.end : damage.end + _BESIDE].split("\n", 1)[0]
    inside = text[damage.start : damage.end]
    return before + (inside if len(inside) <= _MAX_SHOWN else inside[:_MAX_SHOWN] + "…") + behind


def _find_section(text: str, nodes: tuple[Node, ...], at: int) -> str:
    """Return the innermost heading above a position of the clean text, or an empty text."""
    path = heading_path(nodes, at)
    if not path:
        return ""
    return text[nodes[path[-1]].start : nodes[path[-1]].end].strip().strip("#").strip()
