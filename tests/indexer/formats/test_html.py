"""Web pages of several kinds: what is the report, what is around it, and what no page may cost."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from indexer.cleaning.trail import rebuild_raw
from indexer.config import LIMITS, Limits
from indexer.errors import YinjuError
from indexer.load import find_reports, load
from indexer.report import clean_report, parse_report

PORTAL = """<!DOCTYPE html><html><head><meta charset="utf-8">
<title>2023年储能行业发展报告_财经频道_某某新闻网</title><style>a{}</style></head><body>
<header><div class="logo"><a href="/">某某新闻网</a></div><nav><ul><li><a href="/a">首页</a></li>
<li><a href="/b">财经</a></li><li><a href="/c">科技</a></li></ul></nav></header>
<div class="crumb">您的位置：<a href="/">首页</a> &gt; <a href="/b">财经</a> &gt; 正文</div>
<div class="main"><div class="left"><h1>2023年储能行业发展报告</h1>
<div class="info">2023-05-06 来源：研究部</div>
<div class="share"><a href="#">分享到微信</a><a href="#">微博</a></div>
<div id="content"><p>　　全国新增储能装机<b>8.7</b>吉瓦，
同比增长110%，其中锂电池占九成以上<sup>[1]</sup>。</p>
<h2>一、装机</h2><p>各省装机以东海省最多，参见<a href="/x">《东海方案》</a>。</p>
<h3>参考文献</h3><ul><li><a href="1">国家某局. 储能白皮书. 2022.</a></li>
<li><a href="2">某研究院. 锂电年报. 2023.</a></li></ul>
<aside>注：数据截至年底。</aside>
<h3>相关阅读</h3><ul><li><a href="1">光伏行业年报发布</a></li><li><a href="2">风电装机创新高</a></li></ul>
</div><div class="pager">上一篇：<a href="1">光伏装机创新高</a></div></div>
<div class="sidebar"><h3>热门排行</h3><ul><li><a href="1">新闻一二三</a></li>
<li><a href="1">新闻四五六</a></li></ul></div></div>
<div id="comments"><h3>网友评论</h3><p>写得很好，学到了很多关于储能行业的知识，谢谢作者分享这份报告。</p>
<form><textarea>说点什么</textarea><select><option>最新</option></select><button>提交</button></form></div>
<div style="display:none">隐藏的文字</div><template><p>模板</p></template>
<div class="cookie-consent">本站使用 Cookie 改善您的体验，继续浏览即表示您同意我们的政策。</div>
<footer><a href="1">关于我们</a> | <a href="2">联系我们</a><p>Copyright © 2023 某某网 京ICP备00000000号</p></footer>
</body></html>"""

GOVERNMENT = """<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312">
<title>关于印发能源规划的通知-东海省人民政府</title></head><body>
<form name="form1" action="x.aspx"><input type="hidden" value="x">
<table width="980"><tr><td><a href="1">首页</a></td><td><a href="2">政务公开</a></td><td><a href="3">办事服务</a></td>
<td><a href="4">互动交流</a></td></tr></table>
<table width="980"><tr><td width="200"><a href="1">通知公告</a><br><a href="2">政策解读</a><br><a href="3">人事信息</a></td>
<td><font size="5">关于印发能源规划的通知</font><br><br>
&nbsp;&nbsp;&nbsp;&nbsp;各市人民政府：<br>&nbsp;&nbsp;&nbsp;&nbsp;到2025年，全省储能装机达到三百万千瓦，年均增长两成。<br>
<br>　　一、总体要求<br>　　坚持统筹规划、分步实施，优先发展共享储能，鼓励社会资本参与。<br>
<table border="1"><tr><td>市</td><td>目标（万千瓦）</td></tr><tr><td><a href="a">东市</a></td><td>120</td></tr>
<tr><td><a href="b">西市</a></td><td>180</td></tr></table>
　　本通知自印发之日起施行，有效期五年，由省能源局负责解释。<br>
</td></tr></table>
<table width="980"><tr><td>版权所有：东海省人民政府办公厅&nbsp; 技术支持：某某公司</td></tr></table></form></body></html>"""

SHARING = """<html><head><meta charset="gbk"><title>中国茶业研究报告 - 某某文库</title></head><body>
<div class="topbar"><a href="1">登录</a><a href="2">注册</a><a href="3">上传文档</a></div>
<div class="doc-head"><h1>中国茶业研究报告</h1></div>
<div class="reader"><div class="page"><div>一、产量</div><div>全国茶叶产量达到三百万吨，绿茶占了六成还多。</div></div>
<div class="page"><div>二、出口</div><div>出口量为三十六万吨，均价每千克五点六美元。</div></div></div>
<div class="recommend"><h3>猜你喜欢</h3>
<div><a href="1">咖啡行业研究报告</a></div><div><a href="2">饮料行业年度报告</a></div></div>
<div class="doc-footer"><a href="1">关于我们</a><a href="2">版权声明</a><a href="3">联系客服</a></div></body></html>"""

ARTICLE = """<html><head><title></title><meta property="og:title" content="县域咖啡消费观察"></head><body>
<div id="js_article"><h1 id="activity-name">县域咖啡消费观察</h1>
<div id="js_content" style="visibility: hidden;"><section><section>
<span>县城的咖啡馆五年里多了两倍，</span><span>一半开在学校附近。</span></section>
<section><strong>01 价格</strong></section><section><p>一杯拿铁的均价为十二元，低于省城。</p></section></section></div>
<div class="rich_media_tool"><a href="1">阅读原文</a></div>
<div class="qr_code_pc"><p>微信扫一扫关注该公众号</p></div></div></body></html>"""


def page(tmp_path: Path, source: str, encoding: str = "utf-8") -> Path:
    path = tmp_path / "a.html"
    path.write_bytes(source.encode(encoding))
    return path


def clean(tmp_path: Path, source: str, encoding: str = "utf-8") -> list[str]:
    return clean_report(page(tmp_path, source, encoding)).trail.text.split("\n")


def test_a_news_portal(tmp_path: Path) -> None:
    path = page(tmp_path, PORTAL)
    report = clean_report(path)
    assert report.title == "2023年储能行业发展报告"
    assert report.trail.text.split("\n") == [
        "2023年储能行业发展报告",
        "2023-05-06 来源：研究部",
        "全国新增储能装机8.7吉瓦，同比增长110%，其中锂电池占九成以上[1]。",
        "一、装机",
        "各省装机以东海省最多，参见《东海方案》。",
        "参考文献",
        "- 国家某局. 储能白皮书. 2022.",
        "- 某研究院. 锂电年报. 2023.",
        "注：数据截至年底。",
    ]
    headings = [(n.level, n.title) for n in report.nodes if n.kind == "heading"]
    assert headings == [(1, "2023年储能行业发展报告"), (2, "装机"), (3, "参考文献")]


def test_what_is_around_a_report_is_in_the_raw_text_and_in_the_trail(tmp_path: Path) -> None:
    report = clean_report(page(tmp_path, PORTAL))
    raw = report.loaded.text
    for shown in ("首页", "您的位置", "光伏行业年报发布", "写得很好", "京ICP备", "Cookie"):
        assert shown in raw
    for unshown in ("隐藏的文字", "模板", "说点什么", "a{}"):
        assert unshown not in raw
    assert {edit.rule for edit in report.trail.edits} >= {"around-report"}
    assert rebuild_raw(report.trail.text, report.trail.edits) == raw


def test_a_government_page_laid_out_in_tables_inside_a_form(tmp_path: Path) -> None:
    report = clean_report(page(tmp_path, GOVERNMENT, "gb18030"))
    assert (report.title, report.loaded.encoding) == ("关于印发能源规划的通知", "gb18030")
    assert report.trail.text.split("\n") == [
        "关于印发能源规划的通知",
        "各市人民政府：",
        "到2025年，全省储能装机达到三百万千瓦，年均增长两成。",
        "一、总体要求",
        "坚持统筹规划、分步实施，优先发展共享储能，鼓励社会资本参与。",
        "| 市 | 目标（万千瓦） |",
        "| 东市 | 120 |",
        "| 西市 | 180 |",
        "本通知自印发之日起施行，有效期五年，由省能源局负责解释。",
    ]


def test_a_page_of_a_document_sharing_site(tmp_path: Path) -> None:
    report = clean_report(page(tmp_path, SHARING, "gbk"))
    assert report.title == "中国茶业研究报告"
    assert report.trail.text.split("\n") == [
        "中国茶业研究报告",
        "一、产量",
        "全国茶叶产量达到三百万吨，绿茶占了六成还多。",
        "二、出口",
        "出口量为三十六万吨，均价每千克五点六美元。",
    ]


def test_an_article_that_a_script_makes_visible(tmp_path: Path) -> None:
    report = clean_report(page(tmp_path, ARTICLE))
    assert report.title == "县域咖啡消费观察"
    assert report.trail.text.split("\n") == [
        "县域咖啡消费观察",
        "县城的咖啡馆五年里多了两倍，一半开在学校附近。",
        "01 价格",
        "一杯拿铁的均价为十二元，低于省城。",
    ]


FILLER = "<p>这一段是报告的正文，写得足够长，好让人一看便知道它是正文而不是别的什么东西。</p>"
FILLED = "这一段是报告的正文，写得足够长，好让人一看便知道它是正文而不是别的什么东西。"


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("<article><p>甲。</p><aside>注：乙。</aside><footer>数据来源：丙。</footer></article>",
         ["甲。", "注：乙。", "数据来源：丙。"]),
        ("<article><article><p>甲。</p></article><article><p>乙。</p></article></article>", ["甲。", "乙。"]),
        ("<h2>附：会员名单</h2><ul><li><a href=1>甲公司</a></li><li><a href=2>乙公司</a></li><li><a href=3>丙公司</a></li></ul>",
         ["附：会员名单", "- 甲公司", "- 乙公司", "- 丙公司"]),
        ("<table><tr><th>公司</th><th>网址</th></tr><tr><td><a href=1>甲</a></td><td><a href=2>某网</a></td></tr></table>",
         ["| 公司 | 网址 |", "| 甲 | 某网 |"]),
        ("<div><a href=1>民政部门</a>、<a href=2>卫健部门</a>、<a href=3>发改部门</a>负责。</div>",
         ["民政部门、卫健部门、发改部门负责。"]),
        ("<div>发布时间：2022-01-02　字号：[大 中 小]</div>", ["发布时间：2022-01-02 字号：[大 中 小]"]),
        ("<p>技术支持：全年有人值守。</p><p>本报告版权所有。</p>", ["技术支持：全年有人值守。", "本报告版权所有。"]),
        ("<div aria-hidden=true>弹窗里的话。</div><p>甲<i aria-hidden=true>图标</i></p>", ["甲"]),
        ("<div>附件：<a href=1>1.规划表</a><a href=2>2.任务表</a><a href=3>3.名单</a></div>",
         ["附件：1.规划表2.任务表3.名单"]),
        ("<ul><li><a href='#a'>一、甲</a><li><a href='#b'>二、乙</a><li><a href='#c'>三、丙</a></ul>", []),
        ("<details><summary>方法</summary><p>问卷调查。</p></details>", ["方法", "问卷调查。"]),
        ("<dl><dt>储能</dt><dd>把电存起来。</dd></dl>", ["储能", "把电存起来。"]),
        ("<p>第一行<br>第二行<br/>第三行</p>", ["第一行", "第二行", "第三行"]),
        ("<h2>第一章<br>总论</h2>", ["第一章 总论"]),
        ("<pre>甲 1\n  乙  2</pre>", ["甲 1", "乙  2"]),
        ("<p>约10<sup>8</sup>元，CO<sub>2</sub>，3km<sup>2</sup>，见注<sup><a href=1>[1]</a></sup></p>",
         ["约10⁸元，CO2，3km²，见注[1]"]),
        ("<p><ruby>漢<rp>(</rp><rt>hàn</rt><rp>)</rp></ruby><ruby>字<rt>文字</rt></ruby></p>", ["漢字(文字)"]),
        ("<p>甲&nbsp;乙<wbr>丙&#8203;丁</p>", ["甲 乙丙丁"]),
        ("<p>市场\n    规模 up\n to</p>", ["市场规模 up to"]),
        ("<p>图<img src=1 alt=某图>示</p>", ["图示"]),
        ("<p>利率<math><mfrac><mn>1</mn><mn>2</mn></mfrac></math></p>", ["利率1/2"]),
        ("<custom-block>甲</custom-block><o:p>乙</o:p>", ["甲乙"]),
    ],
)  # fmt: skip
def test_what_belongs_to_the_report_stays(tmp_path: Path, source: str, lines: list[str]) -> None:
    assert clean(tmp_path, f"{FILLER}{source}<p>末段，{FILLED}</p>") == [
        FILLED,
        *lines,
        f"末段，{FILLED}",
    ]


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("<ol><li>甲</li><li>乙</li></ol>", ["1. 甲", "2. 乙"]),
        (
            "<ol start=3><li>甲</li><li value=7><p>乙</p></li><li>丙</li></ol>",
            ["3. 甲", "7. 乙", "8. 丙"],
        ),
        ("<ol reversed><li>甲</li><li>乙</li></ol>", ["2. 甲", "1. 乙"]),
        ("<ol type=A><li>甲</ol><ol type=i><li>甲<li>乙</ol>", ["A. 甲", "i. 甲", "ii. 乙"]),
        ('<ol style="list-style-type:cjk-ideographic"><li>甲</ol>', ["一、甲"]),
        ("<ol><li>甲<ul><li>子</li></ul></li><li>乙</li></ol>", ["1. 甲", "- 子", "2. 乙"]),
        ("<ol><li>1. 甲</li><li>（二）乙</li></ol>", ["1. 甲", "（二）乙"]),
        ("<ul><li>甲<li><h3>题</h3></ul>", ["- 甲", "题"]),
    ],
)
def test_lists_have_their_numbers(tmp_path: Path, source: str, lines: list[str]) -> None:
    assert clean(tmp_path, FILLER + source) == [FILLED, *lines]


def test_a_table_with_merged_cells_and_one_directly_below_it(tmp_path: Path) -> None:
    source = f"""<h2>数据</h2>{FILLER}<table><caption>表1 装机</caption><tr><th rowspan=2>省份</th>
    <th colspan=2>装机</th></tr><tr><th>2021年</th><th>2022年</th></tr>
    <tr><td rowspan=2>东海</td><td>0.5</td><td>1.5</td></tr><tr><td>0.1</td><td>0.2<br>（估）</td></tr></table>
    <table><tr><td>年份</td><td>家数</td></tr><tr><td>2021</td><td>7</td></tr></table>"""
    rows = [
        (p.header, p.text) for p in parse_report(page(tmp_path, source)).passages if p.kind == "row"
    ]
    header = "| 省份 | 装机 2021年 | 装机 2022年 |"
    assert rows == [
        (header, "| 东海 | 0.5 | 1.5 |"),
        (header, "| 东海 | 0.1 | 0.2 （估） |"),
        ("| 年份 | 家数 |", "| 2021 | 7 |"),
    ]
    assert "表1 装机" in load(page(tmp_path, source)).text


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("<title>茶业报告 - 某某网</title>", "茶业报告"),
        ("<title>茶业报告_某某文库</title>", "茶业报告"),
        ("<title>茶业报告|行业频道|某某网</title>", "茶业报告"),
        ("<title>某某网 | 茶业报告</title>", "茶业报告"),
        ("<title>中-美茶业报告 - 某某门户</title>", "中-美茶业报告"),
        ("<title>互联网金融研究报告</title>", "互联网金融研究报告"),
        ('<title>详情</title><meta property="og:title" content="茶业报告">', "茶业报告"),
        ("<title>无标题文档</title><h1>茶业报告</h1>", "茶业报告"),
        ("<title>茶业年度报告（全文）_某某网</title><h1>茶业年度报告</h1>", "茶业年度报告"),
        ("<title>茶业报告-某某网</title><h1>某某网</h1>", "茶业报告"),
    ],
)
def test_titles(tmp_path: Path, head: str, title: str) -> None:
    assert clean_report(page(tmp_path, f"{head}<body>{FILLER}</body>")).title == title


def test_an_article_that_is_hidden_until_a_script_runs(tmp_path: Path) -> None:
    source = (
        f"<div><p>甲</p></div><div style='display: none'><div>{FILLER}<nav>乙</nav></div></div>"
    )
    assert clean(tmp_path, source) == ["甲", FILLED]


def test_a_title_outside_the_main_block_stays(tmp_path: Path) -> None:
    source = f"<title>茶业报告</title><header><h1>茶业报告</h1><a href=1>首页</a></header><main>{FILLER}</main>"
    assert clean(tmp_path, source) == ["茶业报告", FILLED]


def test_a_page_of_nothing_but_links_is_kept(tmp_path: Path) -> None:
    source = "<ul>" + "".join(f"<li><a href={n}>第{n}份年报</a></li>" for n in range(5)) + "</ul>"
    assert clean(tmp_path, source) == [f"- 第{n}份年报" for n in range(5)]


TEXT = "储能市场规模持续增长，装机容量达到三百万千瓦，同比增长两成。" * 4


@pytest.mark.parametrize(
    ("declared", "encoding", "found"),
    [
        ('<meta charset="gb2312">', "gb18030", "gb18030"),
        ('<meta charset="gb2312">', "utf-8", "utf-8"),
        ('<meta charset="utf-8">', "gb18030", "gb18030"),
        ('<meta http-equiv=Content-Type content="text/html; charset=big5">', "big5", "big5hkscs"),
        ('<?xml version="1.0" encoding="GBK"?><!DOCTYPE html>', "gbk", "gb18030"),
        ('<meta charset="iso-8859-1">', "gb18030", "gb18030"),
        ('<meta charset="utf-16">', "utf-8", "utf-8"),
        ('<meta charset="no such">', "utf-8", "utf-8"),
        ("", "utf-8-sig", "utf-8-sig"),
        ("", "utf-16", "utf-16"),
    ],
)
def test_encodings(tmp_path: Path, declared: str, encoding: str, found: str) -> None:
    text = (
        TEXT
        if encoding != "big5"
        else TEXT.translate(str.maketrans("储场规续长装达万", "儲場規續長裝達萬"))
    )
    text = text.replace("两", "兩").replace("时", "時") if encoding == "big5" else text
    loaded = load(page(tmp_path, f"{declared}<p>{text}</p>", encoding))
    assert (loaded.text, loaded.encoding) == (text, found)


def test_a_declared_encoding_is_believed_of_a_word_that_could_be_another(tmp_path: Path) -> None:
    loaded = load(page(tmp_path, '<meta charset="gb2312"><p>联通</p>', "gbk"))
    assert loaded.text == "联通"


def test_a_page_that_was_cut_off_inside_a_character_is_read_and_told(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_bytes(f'<meta charset="gb2312"><p>{TEXT}尾'.encode("gb18030")[:-1])
    loaded = load(path)
    assert loaded.text.startswith(TEXT)


def test_a_page_saved_with_its_pictures(tmp_path: Path) -> None:
    path = tmp_path / "a.mht"
    body = f"<title>茶业报告</title><p>{TEXT}</p>"
    quoted = "".join(f"={byte:02X}" for byte in body.encode("gb18030"))
    wrapped = "=\r\n".join(quoted[at : at + 72] for at in range(0, len(quoted), 72))
    path.write_bytes(
        b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n--x\r\n"
        b"Content-Type: text/html; charset=gb2312\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
        + wrapped.encode()
        + b"\r\n--x\r\nContent-Type: image/png\r\n\r\nx\r\n--x--\r\n"
    )
    loaded = load(path)
    assert (loaded.text, loaded.title, loaded.encoding) == (TEXT, "茶业报告", "gb18030")
    path.write_bytes(b"no mail at all")
    with pytest.raises(YinjuError, match="holds no web page"):
        load(path)


@pytest.mark.parametrize(
    ("source", "variable"),
    [
        ("<div>" * 100_000 + "甲", "YINJU_MAX_DEPTH"),
        ("<b>" * 100_000 + "甲", "YINJU_MAX_DEPTH"),
        ("<table><tr><td>" * 30_000, "YINJU_MAX_DEPTH"),
        ("<svg>" + "<g>" * 5_000, "YINJU_MAX_DEPTH"),
        ("<p>甲" * 300, "YINJU_MAX_CELLS"),
        ("<table>" + "<tr><td>甲<td>乙" * 50 + "</table>", "YINJU_MAX_ROWS"),
        ("<table><tr><td>甲<td>乙<tr><td colspan=1000>丙<tr><td>丁<td>戊</table>", ""),
    ],
)  # fmt: skip
def test_limits(tmp_path: Path, source: str, variable: str) -> None:
    limits = LIMITS
    if variable == "YINJU_MAX_CELLS":
        limits = replace(LIMITS, cells=200)
    elif variable == "YINJU_MAX_ROWS":
        limits = replace(LIMITS, rows=20)
    path = page(tmp_path, source)
    if not variable:
        assert "丁" in load(path, limits).text
        return
    with pytest.raises(YinjuError, match=variable) as caught:
        load(path, limits)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "source",
    [
        "<!DOCTYPE html [<!ENTITY a 'aaaaaaaa'><!ENTITY b '&a;&a;&a;'>]><p>甲&b;</p>",
        f"<p title='{'x' * 1_000_000}'>甲</p>",
        "<p>甲<b><i><p>乙</b></p></i></div></span>",
        "<p>甲" * 20_000,
        "<a href=1>" * 900 + "甲",
        "<ul><li>" * 450 + "甲",
        "<div class=nav>" * 900 + "甲" + "<i></i>" * 20_000,
        "<p>甲\0乙</p>",
        "<td>甲</td></tr><tr><td>乙",
        "<ol start=99999999999999><li value=-x>甲</ol>",
        "<table><td rowspan=0 colspan=99999999>甲<td rowspan=65534>乙<tr><td>丙<td>丁</table>",
    ],
)
def test_hostile_pages_are_read(tmp_path: Path, source: str) -> None:
    assert "甲" in load(page(tmp_path, source), replace(LIMITS, depth=1000)).text


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"%PDF-1.7 x", "a PDF"),
        (b"PK\x03\x04xx", "a zip archive"),
        (b"\x89PNG\r\n\x1a\n\0\0", "a picture"),
        (bytes(64) + b"<p>x", "null bytes"),
        (b"", "holds no text"),
        (b"<script>x</script>", "holds no text"),
    ],
)
def test_what_is_no_page_is_named(tmp_path: Path, data: bytes, found: str) -> None:
    path = tmp_path / "a.html"
    path.write_bytes(data)
    with pytest.raises(YinjuError, match=found) as caught:
        load(path)
    assert "\n" not in str(caught.value)


def test_a_folder_names_old_files_and_passes_over_what_is_no_report(tmp_path: Path) -> None:
    for name in (
        "a.html", "a_files/frame.html", "b.doc", "c.WPS", "d.xls", "e.py", "f.exe", "g.gif",
        "~$b.doc", ".h.doc", "other_files/i.txt",
    ):  # fmt: skip
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("甲", encoding="utf-8")
    found = [p.relative_to(tmp_path).as_posix() for p in find_reports([tmp_path])]
    assert found == ["a.html", "b.doc", "c.WPS", "d.xls", "other_files/i.txt"]
    with pytest.raises(YinjuError, match=r"save it as \.docx"):
        load(tmp_path / "c.WPS", Limits())
