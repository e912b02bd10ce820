"""Make many short reports: each on an industry, a province and a year, no two alike."""

from __future__ import annotations

import random
from dataclasses import dataclass
from itertools import product
from pathlib import Path

INDUSTRIES = (
    *("茶叶", "陶瓷", "竹材", "钟表", "羊毛", "蜂蜜", "船用涂料", "轴承", "乐器", "盆景"),
    *("玻璃纤维", "渔具", "缝纫机", "香料", "水泵", "灯具", "木门", "蚕丝", "砂轮", "雨伞"),
)
PROVINCES = (
    "浙江省",
    "福建省",
    "四川省",
    "云南省",
    "山东省",
    "河南省",
    "湖北省",
    "甘肃省",
    "江西省",
    "辽宁省",
)
YEARS = (2019, 2020, 2021, 2022, 2023)
_REASONS = ("订单增加", "原料涨价", "出口回暖", "设备更新", "品牌合并", "运费下降", "用工减少")
_PLACES = ("产业园区", "沿江县市", "山区乡镇", "老工业区", "港口新区")
_TEXT = """{title}

一、产量与企业

{year}年{province}{industry}行业的产量为{output}万件，比上年增长{growth}%，主要原因是{reason}。\
规模以上企业有{firms}家，其中{leading}家在{place}。行业从业人员为{people}人，人均产值约{value}万元。

二、价格与销路

{year}年{province}{industry}的平均出厂价为每件{price}元，全年销售额为{sales}万元。省内销售占{inside}%，\
省外占{outside}%，其余出口到{countries}个国家。

三、主要困难

1. 熟练工人不足，{short}%的企业说招工比上年更难。
2. 检测设备陈旧，全省只有{labs}个检测站能做全部项目。
3. 包装与运输的费用占成本的{freight}%，高于全国平均水平。

四、来年打算

{province}计划在{next}年再建{plants}条生产线，并把{industry}的合格率提高到{quality}%。
"""


@dataclass(frozen=True, slots=True)
class Report:
    """A report with a question on it."""

    name: str
    """The name of its file."""
    title: str
    text: str
    question: str
    """A question that only this report answers."""
    figure: str
    """The figure that answers the question."""


def make_reports(count: int, seed: int = 0) -> list[Report]:
    """Return `count` reports, 1,000 at most, the same for the same seed."""
    rng = random.Random(seed)
    subjects = list(product(INDUSTRIES, PROVINCES, YEARS))
    rng.shuffle(subjects)
    return [_make_report(rng, *subject) for subject in subjects[:count]]


def _make_report(rng: random.Random, industry: str, province: str, year: int) -> Report:
    figures = {
        "output": rng.randint(1000, 99999),
        "growth": rng.randint(10, 199) / 10,
        "firms": rng.randint(30, 400),
        "leading": rng.randint(3, 29),
        "people": rng.randint(1000, 60000),
        "value": rng.randint(8, 95),
        "price": rng.randint(12, 900),
        "sales": rng.randint(10000, 990000),
        "inside": rng.randint(20, 45),
        "outside": rng.randint(20, 45),
        "countries": rng.randint(3, 40),
        "short": rng.randint(20, 80),
        "labs": rng.randint(1, 9),
        "freight": rng.randint(5, 30),
        "plants": rng.randint(2, 20),
        "quality": rng.randint(900, 999) / 10,
    }
    title = f"{province}{industry}行业{year}年度简报"
    text = _TEXT.format(
        title=title,
        industry=industry,
        province=province,
        year=year,
        next=year + 1,
        reason=rng.choice(_REASONS),
        place=rng.choice(_PLACES),
        **figures,
    )
    question = f"{year}年{province}{industry}行业的产量是多少？"
    return Report(
        f"{industry}-{province}-{year}.txt", title, text, question, str(figures["output"])
    )


def write_reports(folder: Path, count: int) -> list[Report]:
    """Make `count` reports and write them into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    written = make_reports(count)
    for report in written:
        (folder / report.name).write_text(report.text, encoding="utf-8")
    return written
