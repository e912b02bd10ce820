"""Patterns of numbers, years, units and times, all of them, for folded text.

Several stages ask nearly the same about a text, and were fitted or measured with a variant of their
own. A variant that cannot be unified without changing an answer stands beside its like, with the
reason.
"""

from __future__ import annotations

import re

from .fold import fold
from .numerals import ONE_TO_TEN, parse_numeral

# ---- Years ----

YEAR_DIGITS = r"(?:1[89]|20)\d\d"
# Years from 1900, for the dates of web pages and for features of fitted models: 1898年 counts as a
# number there, and the weights were fitted with that.
RECENT_YEAR_DIGITS = r"(?:19|20)\d\d"

# What counts things after a number that looks like a year: 1987家, 2036人次; not 2015个人贷款, 2020人口.
_COUNTS = (
    r"家|个(?!人|体)|人(?!均|口|民|才|工)|户(?!均|籍)|名|辆|台|套|件|吨|亩|座|所|岁|倍|期|张|条"
)
# A year inside a text: neither part of a longer number nor an amount such as 2000万, 2015.5 or 1987家.
YEAR = re.compile(rf"(?<!\d){YEAR_DIGITS}(?=\s*年|[^\d.%万亿元])(?!{_COUNTS})")
_YEAR_OR_LAST = re.compile(rf"{YEAR.pattern}|(?<!\d)20\d\d$")
_YEAR_WITH_SIGN = re.compile(rf"{RECENT_YEAR_DIGITS}\s*年")
_IS_YEAR = re.compile(YEAR_DIGITS)


def years_in(folded: str) -> tuple[str, ...]:
    """Return the years that a folded text names, each once, in order.

    >>> years_in("从2015年到2020年,共2000万元")
    ('2015', '2020')
    >>> years_in("会员达到1987家,培训2036人次")
    ()
    """
    return tuple(dict.fromkeys(_YEAR_OR_LAST.findall(folded)))


def is_year(number: str) -> bool:
    """Return whether digits alone may be a year: 1800 to 2099."""
    return bool(_IS_YEAR.fullmatch(number))


# ---- Units ----

# Units, each with the characters that may not follow it at the start of a line. A line that starts with
# a number and a unit is running text: 3 人 is a count, but 3 人口 is a heading.
_MONEY = "指区化债汇升贬国跨资离存贷业"
_UNITS = {
    "美元": _MONEY,
    "欧元": _MONEY,
    "港元": _MONEY,
    "元": "宇素件器数",
    "人次": "",
    "人": "口才工员力均民们群类物文机脸社身事",
    "家": "庭居电政具族装校长用禽畜",
    "户": "外籍型均用",
    "名": "词称单义录牌优校城企老",
    "个百分点": "",
    "个": "人体性案股税别例",
    "辆": "",
    "台": "湾账风",
    "套": "期利餐装保",
    "件": "均数",
    "吨": "位",
    "公斤": "",
    "千克": "",
    "公里": "",
    "千米": "",
    "米": "粉面其",
    "亩": "产均",
    "公顷": "",
    "度": "假量",
    "千瓦": "",
    "兆瓦": "",
    "吉瓦": "",
    "次": "级要贷生新数",
    "条": "件例款约码",
    "所": "有得在属",
    "座": "谈",
    "岁": "月入",
    "年": "度报龄轻均金货鉴代薪会初末终底内",
    "天": "然津气猫府使文",
    "小时": "",
    "分钟": "",
    "倍": "增",
}
# Units that count only inside sentences: a heading may begin with them (3 项目, 2 起步), or a shorter
# unit above already makes the line running text.
_ONLY_IN_SENTENCES = (
    "% 万美元 个月 份 起 项 平方公里 平方米 立方米 千瓦时 摄氏度 箱 托盘 单 头 只 艘 架".split()
)
# Units that count only at the start of a line: inside sentences they are too rare or ambiguous (月, 日,
# 成).
_ONLY_AT_LINE_START = {
    "日元": _MONEY,
    "人民币": _MONEY,
    "斤": "",
    "厘米": "",
    "毫米": "",
    "平方": "",
    "立方": "",
    "笔": "记",
    "张": "力家",
    "间": "接隔作",
    "床": "位垫",
    "月": "度均球饼季报活",
    "日": "常均本用程志韩报活",
    "秒": "杀",
    "英寸": "",
    "寸": "",
    "升": "级值",
    "毫升": "",
    "股": "权东票市份价息指",
    "标准箱": "",
    "级地震": "",
    "百分点": "",
}


def _unit_at_line_start() -> str:
    units = _UNITS | _ONLY_AT_LINE_START
    names = [f"{name}(?![{before}])" if before else name for name, before in units.items()]
    words = r"成(?:左右|以上|的)|版(?:的|发|$)|版本(?:的|发|以|中|为|是|起|修|将|已|$)"
    latin = r"(?:GHz|MHz|[kMG]Wh?|TWh|km|kg|cm|mm|nm|[KMGT]B|TEU|G)(?![A-Za-z0-9])"
    return f"(?:{'|'.join(names)}|{words}|{latin})"


# The text after a number at the start of a line that makes the line running text and no heading.
QUANTITY = re.compile(
    r"[%‰℃°]|[至到~-]\s*\d|以[上下内]|左右|多?[万亿](?:$|[的,多余])"
    rf"|[多余]?[十百千万亿]*[多余]?\s*{_unit_at_line_start()}"
)

# The units of figures that may be compared.
FIGURE_UNITS = frozenset([*_UNITS, *_ONLY_IN_SENTENCES])

# ---- Figures ----

_MULTIPLIERS = {
    "百": 1e2,
    "千": 1e3,
    "万": 1e4,
    "十万": 1e5,
    "百万": 1e6,
    "千万": 1e7,
    "亿": 1e8,
    "万亿": 1e12,
}
_ABOUT = "大约|约|近|将近|接近|超过|突破|逾|不足|不到|至少|高达"


def _longest_first(names: frozenset[str] | dict[str, float]) -> str:
    return "|".join(sorted(names, key=lambda name: (-len(name), name)))


# A figure with its multiplier, its unit and the words that make it approximate.
FIGURE = re.compile(
    rf"(?P<about>(?:{_ABOUT})(?:为|是|有|达)?)?(?P<number>(?<![\d.,a-z])\d[\d,]*(?:\.\d+)?)\s*(?P<more>多|余)?"
    rf"(?P<times>{_longest_first(_MULTIPLIERS)})?(?P<also>多|余)?\s*"
    rf"(?P<unit>{_longest_first(FIGURE_UNITS)})(?P<after>左右|上下|以上|以下|多)?"
)


def figure_value(match: re.Match[str]) -> float:
    """Return the number of a match of `FIGURE` in its unit, multiplied by its 万 or 亿."""
    return float(match["number"].replace(",", "")) * _MULTIPLIERS.get(match["times"] or "", 1.0)


def is_rough(match: re.Match[str]) -> bool:
    """Return whether a match of `FIGURE` is approximate: 约3万, 300多家."""
    return bool(match["about"] or match["more"] or match["also"] or match["after"])


# ---- What kind of thing a text holds ----

# A digit, or a Chinese numeral with a word that counts or measures. Fitted models depend on this list.
_COUNTED_IN_WORDS = re.compile(
    rf"\d|[{ONE_TO_TEN}百千万亿两]+(?:成|倍|家|个|项|种|元|万|亿|人|年|月|天|小时|分钟|分之)"
)
_ITEM_NUMBER = re.compile(rf"(?m)^\s*\(?(?:\d{{1,2}}|[{ONE_TO_TEN}]+)[.、)](?!\d)")
_TIME = re.compile(
    rf"\d+\s*[年月日]|{RECENT_YEAR_DIGITS}[-/]\d{{1,2}}(?!\d)|[{ONE_TO_TEN}]+[年月日]"
    r"|春|夏|秋|冬|季度|以后|之后|期间"
)


def years_given(quoted: str, text: str) -> tuple[str, ...]:
    """Return the years of a folded quotation, or of its context if it names none.

    A figure of a table's row may look like a year: its header counts as well.
    """
    return (() if quoted.startswith("|") else years_in(quoted)) or years_in(text)


def holds_number(said: str) -> bool:
    """Return whether a folded text has a number that is neither a year nor the number of a list item.

    >>> holds_number("2.移动支付:2020年普及"), holds_number("2.移动支付:有8亿用户")
    (False, True)
    """
    return bool(_COUNTED_IN_WORDS.search(_YEAR_WITH_SIGN.sub("", _ITEM_NUMBER.sub("", said))))


def holds_time(said: str) -> bool:
    """Return whether a folded text has a date, a season or another time."""
    return bool(_TIME.search(said))


def holds_unit(unit: str, quoted: str, said: str = "") -> bool:
    """Return whether a folded quotation has a number with a unit, or `said` the unit in brackets.

    Args:
        unit: a regular expression, see `asked_unit`.
        said: the quotation with the header of its table.
    """
    figures = _YEAR_WITH_SIGN.sub("", quoted)
    counted = rf"[\d{ONE_TO_TEN}百千万亿两几半数]\s*(?:多|余)?[万亿千百]*\s*(?:{unit})"
    at_once = "天" in unit and re.search(r"[当每次][天日]|立即|立刻|随时", figures)
    return bool(
        at_once
        or re.search(counted, figures)
        or re.search(rf"\([^)]*(?:{unit})[^)]*\)|单位:[^\n]{{0,20}}?(?:{unit})", said)
    )


# ---- What a question says of numbers ----

# A number of a question that a passage has to repeat: with decimals, with %, or of three digits or more.
REPEATED_NUMBER = re.compile(
    rf"\d+\.\d+%?|\d+%|(?<![\d.])(?!{RECENT_YEAR_DIGITS}(?:年|$))\d{{3,}}(?![\d.])"
)
_HOW_MANY = r"(?:多少|几)(?:万|亿)*"
# The question word with its measure word, which an answer need not repeat: 多少辆车 asks for 车. 种, 类,
# 条 and 所 are in here and not among the units below, since no answer has to name them.
COUNTED = re.compile(rf"{_HOW_MANY}[台辆家个名份起座吨项件所次种类条度]?")
# What a question asks, and the unit that its answer must have.
_ASKED_UNITS = (
    (
        re.compile(r"多久|多长时间|多少(?:天|个?小时|分钟|个月)|几(?:天|个?小时|分钟|个月)"),
        "年|月|天|日|小时|分钟|秒|周|星期",
    ),
    (re.compile(r"多少钱|多少(?:万|亿)*元|售价|单价|价格是"), "元"),
    (
        re.compile(
            r"(?:占|占比|比例|份额|比重|(?<![功频])率).{0,6}(?:多少|多大)(?!倍)|多大比例|百分之几"
        ),
        "%|成|分之|倍|个百分点",
    ),
    (
        re.compile(rf"{_HOW_MANY}(座(?!位)|家(?!庭)|人(?![口均次])|[台辆个名份起吨倍项件所次度])"),
        r"\1",
    ),
)


def asked_unit(folded: str) -> str:
    """Return the unit that a question asks for, as a regular expression; "" where it names none.

    >>> asked_unit("有多少辆车"), asked_unit("规模有多大")
    ('辆', '')
    """
    for asked, unit in _ASKED_UNITS:
        match = asked.search(folded)
        if match:
            return match.expand(unit)
    return ""


# ---- How many things a text announces ----

# 五项, 四大挑战, 三个方面; not 第三个, 两个月, 十几种, 三个百分点.
_ANNOUNCED = re.compile(
    r"(?<![第几\d十百千万亿近约每前后逾上超.])(?P<n>[二三四五六七八九]?十[一二三四五六七八九]?|[二两三四五六七八九]|\d{1,2})(?P<unit>大(?!于|约)|个(?!月|工作日|小时|百分点|季度|人|国家|省|城市|年)"
    r"|[项种类点条步处道股代](?!钟|多|表|码)|方面|部分|环节|阶段)"
)


def stated_count(text: str) -> int:
    """Return the last number of things that a text announces; 0 where it announces none.

    >>> stated_count("为此提出以下五项措施:"), stated_count("手段有十一种:"), stated_count("第三个月")
    (5, 11, 0)
    """
    found = [parse_numeral(m["n"]) or 0 for m in _ANNOUNCED.finditer(fold(text))]
    return next((n for n in reversed(found) if n > 1), 0)


# ---- Parts of a year ----

_QUARTERS = "一二三四1234"
_MONTH = r"(?:1[0-2]|[1-9])月份?"
# A time by its parts: in a follow-up question each replaces the part of its kind. 20年代 is no year.
TIME_PARTS = re.compile(
    rf"(?P<year>(?<!\d){YEAR_DIGITS}(?:年(?!代)|(?![\d.%])))?的?"
    rf"(?P<part>第[{_QUARTERS}]季度|[{_QUARTERS}]季度|上半年|下半年|年初|年底|{_MONTH})?"
)
# A whole text that only names a time.
TIME_ONLY = re.compile(
    rf"(?:到|在|至)?(?:{YEAR_DIGITS}年?的?(?:第?[{_QUARTERS}]季度|上半年|下半年|年初|年底|{_MONTH})?"
    rf"|第?[{_QUARTERS}]季度|上半年|下半年)(?:的时候|时)?"
)
# The year of a question with the words that are removed together with it.
YEAR_PHRASE = re.compile(rf"(?:到|在)?(?<!\d){YEAR_DIGITS}年的?")

# ---- Cells of tables ----

_NUMBER_CELL = re.compile(r"[-+]?[\d,]+(?:\.\d+)?%?")
_YEAR_CELL = re.compile(rf"{YEAR_DIGITS}年?")


def is_number_cell(cell: str) -> bool:
    """Return whether a cell holds a plain number and no year."""
    return bool(_NUMBER_CELL.fullmatch(cell)) and not _YEAR_CELL.fullmatch(cell)
