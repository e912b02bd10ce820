"""Set a report as a web page, with the menus, lists and scripts that stand around a text."""

from __future__ import annotations

from collections.abc import Sequence

from jinja2 import Environment

from corpus.training.blocks import Block, merged_cells

_PAGE = """<!DOCTYPE html>
<html lang="zh"><head><meta charset="utf-8"><title>{{ title }} - {{ site.name }}</title>
<script>var page = {"id": 1, "type": "article"};</script></head><body>
<div class="top"><a href="/login">{{ site.login }}</a> <a href="/app">APP</a></div>
<ul class="nav">{% for name in site.menu %}<li><a href="/{{ loop.index }}">{{ name }}</a></li>{% endfor %}</ul>
<div class="main"><div class="article"><h1>{{ title }}</h1>
<div class="tools">{{ site.tools }}</div>
<div class="content">
{%- for block in blocks %}
{%- if block.kind == "heading" %}
<h{{ block.level }}>{{ block.text }}</h{{ block.level }}>
{%- elif block.kind == "table" %}
<table>{% for row in rows(block) %}<tr>{% for cell in row -%}
<td{% if cell.rows > 1 %} rowspan="{{ cell.rows }}"{% endif -%}
{% if cell.columns > 1 %} colspan="{{ cell.columns }}"{% endif %}>{{ cell.text }}</td>{% endfor %}</tr>
{% endfor %}</table>
{%- elif block.kind == "bullet" %}
<ul><li>{{ block.text }}</li></ul>
{%- else %}
<p>{{ block.text }}</p>
{%- endif %}
{%- endfor %}
</div></div>
<div class="side"><h3>{{ site.related }}</h3><ul>{% for name in site.links %}<li><a href="#">{{ name }}</a></li>
{% endfor %}</ul></div></div>
<div class="footer">{{ site.footer }}</div></body></html>
"""

_MAINLAND = {
    "name": "资讯中心",
    "login": "登录 / 注册",
    "menu": ("首页", "要闻", "数据", "专题", "报告库", "会员服务"),
    "tools": "字号：小 中 大　收藏　打印　分享到微信",
    "related": "相关阅读",
    "links": ("上一期回顾", "本站年度专题汇总", "会员数据接口说明", "如何订阅短信"),
    "footer": "版权所有 未经授权不得转载 | 关于我们 | 客服热线 | 备案号 00000000",
}
_TAIWAN = {
    "name": "投資人專區",
    "login": "登入／註冊",
    "menu": ("首頁", "公司簡介", "財務資訊", "法人說明會", "股東專欄", "聯絡我們"),
    "tools": "字級：小 中 大　列印　轉寄好友",
    "related": "延伸閱讀",
    "links": ("歷年簡報下載", "股東常會議事錄", "除權除息資訊", "線上影音"),
    "footer": "著作權所有 請勿任意轉載 | 隱私權政策 | 網站導覽",
}


def to_page(blocks: Sequence[Block], taiwan: bool = False) -> str:
    """Return a web page."""
    title, *body = blocks
    page = Environment(autoescape=True).from_string(_PAGE)
    site = _TAIWAN if taiwan else _MAINLAND
    return page.render(title=title.text, blocks=body, rows=_rows, site=site)


def _rows(table: Block) -> list[list[object]]:
    rows: list[list[object]] = [[] for _ in table.rows]
    for cell in merged_cells(table):
        rows[cell.row].append(cell)
    return rows
