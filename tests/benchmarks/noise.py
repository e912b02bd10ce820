"""How much of the noise that sites add does cleaning remove, and how much of the report?

Adds noise to the project's own reports with a fixed seed, as different sites do, two kinds to each
report, and counts characters: of the noise those that were removed (recall), of the report those that
were removed or changed, except white space. The noise is written here, not taken from the rules.

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
    "corpus/training/reports/elder-care.txt",
    "corpus/training/reports/cross-border-logistics.txt",
    "corpus/training/reports/battery-recycling.txt",
    "corpus/training/reports/county-tourism.md",
    "corpus/training/reports/vocational-education.md",
    "corpus/reports/ev-charging.md",
)
# (text, whether it is noise) of each part of a noisy report.
Parts = list[tuple[str, bool]]
# Adds noise to (the lines of a report, its title, a random generator).
AddNoise = Callable[[list[str], str, random.Random], Parts]


def read_lines(path: Path) -> list[str]:
    """Read the lines of a report without Markdown marks and tables, as a text export has them."""
    lines = [re.sub(r"^[#>\s]+|\*\*|`", "", line) for line in path.read_text("utf-8").splitlines()]
    return [line for line in lines if line.strip() and not line.startswith("|")]


def insert_between(lines: list[str], noise: Callable[[int], list[str]], every: int) -> Parts:
    """Insert lines of noise after each `every` lines of the report.

    Args:
        noise: the lines to insert, by the number of the insertion, from 1.
    """
    parts: Parts = []
    for number, line in enumerate(lines, 1):
        parts.append((line + "\n", False))
        if number % every == 0:
            parts += [(added + "\n", True) for added in noise(number // every)]
    return parts


def document_site(lines: list[str], title: str, rng: random.Random) -> Parts:
    """Add page lines, reading progress, download, copyright notice, notices, comment box."""
    head = [f"{title}_第1页", "文档简介", "版权说明：本文档由用户提供并上传，收益归属内容提供方"]
    pages = insert_between(lines, lambda n: [f"{title}_第{n + 1}页"], 6)
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
    return [(line + "\n", True) for line in head] + pages + [(line + "\n", True) for line in foot]


def paged_export(lines: list[str], title: str, rng: random.Random) -> Parts:
    """Add a running title and page numbers, as in a PDF that was saved as text."""
    forms = [lambda n: f"第 {n} 页 共 40 页", lambda n: f"- {n} -", lambda n: f"{n}/40", str]
    form = rng.choice(forms)
    return [(title + "\n", False), *insert_between(lines, lambda n: [form(n), title], 5)]


def member_site(lines: list[str], title: str, rng: random.Random) -> Parts:
    """Add prompts to log in, to pay and to follow, and buttons."""
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
    return insert_between(lines, lambda n: [prompts[n % len(prompts)]], 3)


def neighbours(lines: list[str], title: str, rng: random.Random) -> Parts:
    """Repeat the title, and add lists of other documents in the middle and at the end."""
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
        *((line + "\n", True) for line in block),
        *((line + "\n", False) for line in lines[half:]),
        *((line + "\n", True) for line in ["猜你喜欢", *titles[3:]]),
    ]


def watermarked(lines: list[str], title: str, rng: random.Random) -> Parts:
    """Add the mark of a site to every page, and invisible characters inside words."""
    mark = rng.choice(["某某文库 www.example.com", "仅供内部学习参考，请勿外传", "样稿试读 水印"])
    parts: Parts = []
    for text, noise in insert_between(lines, lambda n: [mark], 4):
        if noise:
            parts.append((text, True))
            continue
        for character in text:
            parts.append((character, False))
            if rng.random() < 0.01:
                parts.append((rng.choice("\u200b\u200c\ufeff\u00ad\ue123\uf0a7"), True))
    return parts


def spaced_and_wrapped(lines: list[str], title: str, rng: random.Random) -> Parts:
    """Add a space behind every character of half of the long paragraphs."""
    parts: Parts = []
    for line in lines:
        if len(line) < 60 or rng.random() < 0.5 or re.search(r"[a-zA-Z0-9.\-]", line):
            parts.append((line + "\n", False))
            continue
        for character in line:
            parts += [(character, False), (" ", True)]
        parts.append(("\n", False))
    return parts


def wrapped(lines: list[str], title: str, rng: random.Random) -> Parts:
    """Break lines at the width of a page."""
    parts: Parts = []
    for line in lines:
        for at in range(0, len(line), 38):
            parts.append((line[at : at + 38], False))
            if at + 38 < len(line):
                parts.append(("\n", True))
        parts.append(("\n", False))
    return parts


ADD_NOISE: tuple[AddNoise, ...] = (
    document_site,
    paged_export,
    member_site,
    neighbours,
    watermarked,
    spaced_and_wrapped,
    wrapped,
)


def measure(parts: Parts) -> dict[str, float]:
    """Count characters of noise and of the report, and of each those that were removed or changed.

    White space of the report is not counted.
    """
    raw = "".join(text for text, _ in parts)
    noise = [is_noise for text, is_noise in parts for _ in text]
    removed = [False] * len(raw)
    for edit in clean(LoadedFile(raw, "txt")).trail.edits:
        removed[edit.raw_start : edit.raw_end] = [True] * (edit.raw_end - edit.raw_start)
    counted = [(r, n) for r, n, c in zip(removed, noise, raw, strict=True) if n or not c.isspace()]
    removed_of_report = [is_removed for is_removed, is_noise in counted if not is_noise]
    removed_of_noise = [is_removed for is_removed, is_noise in counted if is_noise]
    return {
        "noise": len(removed_of_noise),
        "noise_removed": sum(removed_of_noise),
        "genuine": len(removed_of_report),
        "genuine_lost": sum(removed_of_report),
    }


def main() -> None:
    """Measure, write the JSON file, print it."""
    results = {}
    for number, name in enumerate(REPORTS):
        lines = read_lines(ROOT / name)
        for shift in (0, 3):
            add_noise = ADD_NOISE[(number + shift) % len(ADD_NOISE)]
            parts = add_noise(lines[1:], lines[0], random.Random(number))
            results[f"{Path(name).stem}, {add_noise.__name__}"] = measure(parts)
    keys = ("noise", "noise_removed", "genuine", "genuine_lost")
    total = {key: sum(counts[key] for counts in results.values()) for key in keys}
    summary = {
        "recall": round(total["noise_removed"] / total["noise"], 4),
        "genuine_lost": round(total["genuine_lost"] / total["genuine"], 5),
        "documents": results,
    }
    text = json.dumps(summary, indent=2, ensure_ascii=False)
    (ROOT / "tests/benchmarks/results/noise.json").write_text(text + "\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
