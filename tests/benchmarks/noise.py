"""How much of what sites put into a report does cleaning remove, and how much of the report?

Damages reports of our own with a fixed seed, in the manner of different sites, two ways each, and
counts characters: of the noise those that are gone (recall), of the report those that are gone or
changed, but for white space. What a manner writes is written here, not taken from the rules.

    python -m tests.benchmarks.noise
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from pathlib import Path

from indexer.cleaning.clean import clean
from indexer.load import LoadedFile

ROOT = Path(__file__).parents[2]
REPORTS = (
    "corpus/training/elder-care.txt",
    "corpus/training/cross-border-logistics.txt",
    "corpus/training/battery-recycling.txt",
    "corpus/training/county-tourism.md",
    "corpus/training/vocational-education.md",
    "corpus/reports/ev-charging.md",
)
# Pieces of a damaged text, each with whether it is noise.
Pieces = list[tuple[str, bool]]
Manner = Callable[[list[str], str, random.Random], Pieces]


def paragraphs(path: Path) -> list[str]:
    """The lines of a report without Markdown's marks and tables, as a text export has them."""
    lines = [re.sub(r"^[#>\s]+|\*\*|`", "", line) for line in path.read_text("utf-8").splitlines()]
    return [line for line in lines if line.strip() and not line.startswith("|")]


def between(lines: list[str], noise: Callable[[int], list[str]], every: int) -> Pieces:
    """Noise lines after each so many lines of the report."""
    pieces: Pieces = []
    for number, line in enumerate(lines, 1):
        pieces.append((line + "\n", False))
        if number % every == 0:
            pieces += [(one + "\n", True) for one in noise(number // every)]
    return pieces


def document_site(lines: list[str], title: str, rng: random.Random) -> Pieces:
    """Page lines, reading progress, download, copyright notice, notices, comment box."""
    head = [f"{title}_第1页", "文档简介", "版权说明：本文档由用户提供并上传，收益归属内容提供方"]
    pages = between(lines, lambda n: [f"{title}_第{n + 1}页"], 6)
    foot = [
        "已阅读5页，还剩9页未读，继续免费阅读",
        "下载本文档",
        "温馨提示",
        "1. 本站所有资源如无特殊说明，都需要本地电脑安装软件。",
        "2. 本站的文档不包含任何第三方提供的附件。",
        "3. 文件的所有权益归上传用户所有。",
        "评论",
        "0/150",
        "提交评论",
    ]
    return [(one + "\n", True) for one in head] + pages + [(one + "\n", True) for one in foot]


def paged_export(lines: list[str], title: str, rng: random.Random) -> Pieces:
    """A running title and page numbers, as of a PDF that was saved as text."""
    forms = [lambda n: f"第 {n} 页 共 40 页", lambda n: f"- {n} -", lambda n: f"{n}/40", str]
    form = rng.choice(forms)
    return [(title + "\n", False), *between(lines, lambda n: [form(n), title], 5)]


def member_site(lines: list[str], title: str, rng: random.Random) -> Pieces:
    """Prompts to log in, to pay and to follow, and buttons."""
    prompts = [
        "登录后查看全文",
        "请登录/注册后继续阅读",
        "开通VIP会员免费下载",
        "立即领取优惠券",
        "领取100积分",
        "扫码关注公众号，获取更多资料",
        "微信扫一扫，关注小程序",
        "欢迎关注我们的公众号：行业观察员",
        "更多资料请访问文库首页",
        "收藏 分享 举报",
        "展开全文",
        "【广告】年终大促，全场五折起",
        "返回顶部",
        "本文档由文库用户上传分享",
    ]
    rng.shuffle(prompts)
    return between(lines, lambda n: [prompts[n % len(prompts)]], 3)


def neighbours(lines: list[str], title: str, rng: random.Random) -> Pieces:
    """The title twice, and lists of other documents in the middle and at the end."""
    titles = [
        "2022年新材料行业分析报告.docx",
        "某市十四五规划方案",
        "企业年度工作总结  35页",
        "市场调研报告范文",
        "项目可行性研究报告.pdf",
        "劳动合同模板  1287次下载",
        "财务管理制度  4.5分",
    ]
    rng.shuffle(titles)
    block = ["相关文档推荐", *titles[:4]]
    half = len(lines) // 2
    return [
        (title + "\n", False),
        (title + "\n", True),
        *((line + "\n", False) for line in lines[:half]),
        *((one + "\n", True) for one in block),
        *((line + "\n", False) for line in lines[half:]),
        *((one + "\n", True) for one in ["猜你喜欢", *titles[3:]]),
    ]


def watermarked(lines: list[str], title: str, rng: random.Random) -> Pieces:
    """A site's mark on every page, and characters that nobody sees inside words."""
    mark = rng.choice(["某某文库 www.example.com", "仅供内部学习参考，请勿外传", "样稿试读 水印"])
    pieces: Pieces = []
    for text, noise in between(lines, lambda n: [mark], 4):
        if noise:
            pieces.append((text, True))
            continue
        for character in text:
            pieces.append((character, False))
            if rng.random() < 0.01:
                pieces.append((rng.choice("\u200b\u200c\ufeff\u00ad\ue123\uf0a7"), True))
    return pieces


def spaced_and_wrapped(lines: list[str], title: str, rng: random.Random) -> Pieces:
    """Half of the long paragraphs have a space behind every character."""
    pieces: Pieces = []
    for line in lines:
        if len(line) < 60 or rng.random() < 0.5 or re.search(r"[a-zA-Z0-9.\-]", line):
            pieces.append((line + "\n", False))
            continue
        for character in line:
            pieces += [(character, False), (" ", True)]
        pieces.append(("\n", False))
    return pieces


def wrapped(lines: list[str], title: str, rng: random.Random) -> Pieces:
    """Lines broken at a page's width."""
    pieces: Pieces = []
    for line in lines:
        for at in range(0, len(line), 38):
            pieces.append((line[at : at + 38], False))
            if at + 38 < len(line):
                pieces.append(("\n", True))
        pieces.append(("\n", False))
    return pieces


MANNERS: tuple[Manner, ...] = (
    document_site,
    paged_export,
    member_site,
    neighbours,
    watermarked,
    spaced_and_wrapped,
    wrapped,
)


def measure(pieces: Pieces) -> dict[str, float]:
    """Recall of noise, and the share of genuine characters that were removed or changed."""
    raw = "".join(text for text, _ in pieces)
    noise = [is_noise for text, is_noise in pieces for _ in text]
    gone = [False] * len(raw)
    for edit in clean(LoadedFile(raw, "txt")).trail.edits:
        gone[edit.raw_start : edit.raw_end] = [True] * (edit.raw_end - edit.raw_start)
    told = [(g, n) for g, n, c in zip(gone, noise, raw, strict=True) if n or not c.isspace()]
    genuine = [g for g, n in told if not n]
    added = [g for g, n in told if n]
    return {
        "noise": len(added),
        "noise_removed": sum(added),
        "genuine": len(genuine),
        "genuine_lost": sum(genuine),
    }


def main() -> None:
    results = {}
    for number, name in enumerate(REPORTS):
        lines = paragraphs(ROOT / name)
        for shift in (0, 3):
            manner = MANNERS[(number + shift) % len(MANNERS)]
            pieces = manner(lines[1:], lines[0], random.Random(number))
            results[f"{Path(name).stem}, {manner.__name__}"] = measure(pieces)
    keys = ("noise", "noise_removed", "genuine", "genuine_lost")
    total = {key: sum(one[key] for one in results.values()) for key in keys}
    told = {
        "recall": round(total["noise_removed"] / total["noise"], 4),
        "genuine_lost": round(total["genuine_lost"] / total["genuine"], 5),
        "documents": results,
    }
    text = json.dumps(told, indent=2, ensure_ascii=False)
    (ROOT / "tests/benchmarks/results/noise.json").write_text(text + "\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
