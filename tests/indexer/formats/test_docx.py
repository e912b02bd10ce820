"""Word files as a reader sees them: numbers, notes, tables, boxes, changes, contents."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml

from indexer.config import LIMITS
from indexer.errors import YinjuError
from indexer.formats.list_numbers import format_number
from indexer.load import load
from indexer.report import clean_report, parse_report

MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
NAMES = (
    f'xmlns:w="{MAIN}" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
    ' xmlns:v="urn:schemas-microsoft-com:vml"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)


def xml(source: str) -> Any:
    """An element, its namespaces added."""
    tag = source[1 : min(source.index(end) for end in " />" if end in source)]
    return parse_xml(source.replace(f"<{tag}", f"<{tag} {NAMES}", 1))


def run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def math(text: str) -> str:
    return f"<m:r><m:t>{text}</m:t></m:r>"


def paragraph(inner: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{inner}</w:p>"


def numbered(text: str, number: int, level: int = 0) -> str:
    return paragraph(
        run(text), f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
    )


def save(path: Path, *blocks: str, change: Callable[[Any], None] | None = None) -> Path:
    """A document of the blocks given as XML."""
    document = Document()
    for block in blocks:
        document.element.body.insert(len(document.element.body) - 1, xml(block))
    if change is not None:
        change(document)
    document.save(str(path))
    return path


def add_part(document: Any, name: str, source: str) -> None:
    part = Part(
        PackURI(f"/word/{name}.xml"),
        f"application/vnd.openxmlformats-officedocument.wordprocessingml.{name}+xml",
        source.encode(),
        document.part.package,
    )
    document.part.relate_to(part, f"{RELATIONSHIP_TYPE.FOOTNOTES.rsplit('/', 1)[0]}/{name}")


def lists(document: Any, *levels: tuple[str, str], extra: str = "", style: str = "") -> None:
    """Gives the document list 1 with these levels of (format, text)."""
    told = "".join(
        f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/>{style if at == 0 else ""}'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
        for at, (kind, text) in enumerate(levels)
    )
    numbering = document.part.numbering_part._element
    for child in list(numbering):
        numbering.remove(child)
    made = xml(
        f'<w:numbering><w:abstractNum w:abstractNumId="7">{told}</w:abstractNum>'
        f'<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>{extra}</w:numbering>'
    )
    for child in list(made):
        numbering.append(child)


def lines(path: Path) -> list[str]:
    return load(path).text.split("\n")


@pytest.mark.parametrize(
    ("kind", "shown"),
    [
        ("chineseCounting", "一 二 十 十一 二十 一百零五 一百一十"),
        ("chineseCountingThousand", "一 二 十 十一 二十 一百零五 一百一十"),
        ("japaneseCounting", "一 二 十 十一 二十 一百零五 一百一十"),
        ("ideographTraditional", "甲 乙 癸 甲 癸 戊 癸"),
        ("chineseLegalSimplified", "壹 贰 壹拾 壹拾壹 贰拾 壹佰零伍 壹佰壹拾"),
        ("decimalEnclosedCircle", "① ② ⑩ ⑪ ⑳ 105 110"),
        ("upperRoman", "I II X XI XX CV CX"),
        ("upperLetter", "A B J K T AAAAA FFFFF"),
        ("decimalZero", "01 02 10 11 20 105 110"),
        ("no such", "1 2 10 11 20 105 110"),
    ],
)
def test_numbers_in_the_formats_of_word(kind: str, shown: str) -> None:
    assert [format_number(n, kind) for n in (1, 2, 10, 11, 20, 105, 110)] == shown.split()


def test_automatic_numbers_are_written_as_they_are_displayed(tmp_path: Path) -> None:
    path = save(
        tmp_path / "a.docx",
        numbered("总则", 1),
        numbered("目的", 1, 1),
        numbered("依据", 1, 1),
        numbered("上位法", 1, 2),
        numbered("职责", 1),
        numbered("部门", 1, 1),
        numbered("圈", 1, 3),
        numbered("点", 1, 4),
        change=lambda d: lists(
            d,
            ("chineseCountingThousand", "第%1章"),
            ("chineseCounting", "（%2）"),
            ("decimal", "%2.%3"),
            ("decimalEnclosedCircle", "%4"),
            ("bullet", "\uf0b7"),
        ),
    )
    assert lines(path) == [
        "第一章 总则",
        "（一）目的",
        "（二）依据",
        "二.1 上位法",
        "第二章 职责",
        "（一）部门",
        "① 圈",
        "- 点",
    ]


def test_a_list_starts_anew_where_it_says_so_and_goes_on_elsewhere(tmp_path: Path) -> None:
    anew = (
        '<w:num w:numId="2"><w:abstractNumId w:val="7"/><w:lvlOverride w:ilvl="0">'
        '<w:startOverride w:val="5"/></w:lvlOverride></w:num>'
        '<w:num w:numId="3"><w:abstractNumId w:val="7"/></w:num>'
    )
    path = save(
        tmp_path / "a.docx",
        numbered("甲", 1),
        paragraph(run("其间。")),
        numbered("乙", 1),
        numbered("丙", 2),
        numbered("丁", 2),
        numbered("戊", 3),
        numbered("无", 0),
        change=lambda d: lists(d, ("decimal", "%1."), extra=anew),
    )
    assert lines(path) == ["1. 甲", "其间。", "2. 乙", "5. 丙", "6. 丁", "7. 戊", "无"]


def test_a_deleted_item_is_not_counted(tmp_path: Path) -> None:
    deleted = paragraph(
        "<w:del><w:r><w:delText>删</w:delText></w:r></w:del>",
        '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr><w:rPr><w:del/></w:rPr>',
    )
    path = save(
        tmp_path / "a.docx",
        numbered("甲", 1),
        deleted,
        numbered("乙", 1),
        change=lambda d: lists(d, ("decimal", "%1.")),
    )
    assert lines(path) == ["1. 甲", "2. 乙"]


def test_legal_levels_count_in_digits_below_a_chinese_chapter(tmp_path: Path) -> None:
    def change(document: Any) -> None:
        lists(document, ("chineseCounting", "%1、"), ("decimal", "%1.%2"))
        level = document.part.numbering_part._element.xpath("//w:lvl")[1]
        level.insert(2, xml("<w:isLgl/>"))

    path = save(tmp_path / "a.docx", numbered("甲", 1), numbered("乙", 1, 1), change=change)
    assert lines(path) == ["一、甲", "1.1 乙"]


def test_headings_by_localised_names_outline_levels_and_what_styles_are_based_on(
    tmp_path: Path,
) -> None:
    def change(document: Any) -> None:
        for name, told, inner in (
            ("10", "标题 1", ""),
            ("20", "heading 2", '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>'),
            ("21", "章节小标题", ""),
            ("30", "公文三级", '<w:pPr><w:outlineLvl w:val="2"/></w:pPr>'),
        ):
            based = '<w:basedOn w:val="20"/>' if name == "21" else ""
            document.styles.element.append(
                xml(
                    f'<w:style w:type="paragraph" w:styleId="{name}"><w:name w:val="{told}"/>{based}{inner}</w:style>'
                )
            )
        lists(document, ("decimal", "%1."), ("decimal", "%1.%2"), style='<w:pStyle w:val="20"/>')

    path = save(
        tmp_path / "a.docx",
        paragraph(run("某报告"), '<w:pStyle w:val="Title"/>'),
        paragraph(run("副题"), '<w:pStyle w:val="Subtitle"/>'),
        paragraph(run("总论"), '<w:pStyle w:val="10"/>'),
        paragraph(run("背景"), '<w:pStyle w:val="20"/>'),
        paragraph(run("意义"), '<w:pStyle w:val="21"/>'),
        paragraph(run("细节"), '<w:pStyle w:val="30"/>'),
        paragraph(run("正文一段。"), '<w:pStyle w:val="20"/><w:outlineLvl w:val="9"/>'),
        paragraph(run("直接"), '<w:outlineLvl w:val="0"/>'),
        change=change,
    )
    report = clean_report(path)
    assert report.title == "某报告"
    assert [(n.level, n.number, n.title) for n in report.nodes if n.kind == "heading"] == [
        (1, "", "某报告"),
        (1, "", "总论"),
        (2, "1.", "背景"),
        (2, "2.", "意义"),
        (3, "", "细节"),
        (1, "", "直接"),
    ]


def test_notes_stand_behind_the_paragraph_that_refers_to_them(tmp_path: Path) -> None:
    def change(document: Any) -> None:
        for name, text in (("footnote", "口径为规模以上企业。"), ("endnote", "见附录。")):
            separator = f'<w:{name} w:type="separator" w:id="-1"><w:p/></w:{name}>'
            add_part(
                document,
                f"{name}s",
                f"<w:{name}s {NAMES}>{separator}<w:{name} w:id='4'><w:p><w:r><w:{name}Ref/></w:r>"
                f"{run(' ' + text)}</w:p></w:{name}></w:{name}s>",
            )

    foot, end = (
        '<w:r><w:footnoteReference w:id="4"/></w:r>',
        '<w:r><w:endnoteReference w:id="4"/></w:r>',
    )
    path = save(
        tmp_path / "a.docx",
        paragraph(run("产量为三万吨") + foot + run("，增长一成") + end + run("。")),
        paragraph(run("其后。")),
        change=change,
    )
    assert lines(path) == [
        "产量为三万吨[注1]，增长一成[尾注1]。",
        "[注1] 口径为规模以上企业。",
        "[尾注1] 见附录。",
        "其后。",
    ]
    assert [p.kind for p in parse_report(path).passages] == ["paragraph"] * 4


def test_changes_fields_controls_and_signs(tmp_path: Path) -> None:
    field = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> REF x </w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{run("表1")}'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    cases = {
        f"<w:ins>{run('增')}</w:ins><w:del><w:r><w:delText>删</w:delText></w:r></w:del>{run('完')}": "增完",
        f"<w:moveFrom>{run('移')}</w:moveFrom>{run('至')}<w:moveTo>{run('移')}</w:moveTo>": "至移",
        f"{run('见')}{field}{run('。')}": "见表1。",
        f'<w:fldSimple w:instr=" PAGE ">{run("3")}</w:fldSimple>{run("页")}': "3页",
        f"<w:sdt><w:sdtPr/><w:sdtContent>{run('控件')}</w:sdtContent></w:sdt>": "控件",
        f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{run('单击此处')}</w:sdtContent></w:sdt>{run('实')}": "实",
        f'<w:hyperlink r:id="rId1">{run("链接")}</w:hyperlink>': "链接",
        f"<w:r><w:rPr><w:vanish/></w:rPr><w:t>藏</w:t></w:r>{run('见')}": "见",
        "<w:r><w:t>A</w:t><w:noBreakHyphen/><w:t>B</w:t><w:softHyphen/><w:tab/><w:t>C</w:t></w:r>": "A-B\tC",
        f'<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>{run("是")}': "☑是",
        f"<w:r><w:ruby><w:rt>{run('hàn')}</w:rt><w:rubyBase>{run('漢')}</w:rubyBase></w:ruby></w:r>": "漢",
        f"<m:oMath>{math('y=')}<m:f><m:num>{math('a+b')}</m:num><m:den>{math('2')}</m:den></m:f></m:oMath>": "y=(a+b)/2",
        "<m:oMath><m:nary><m:naryPr><m:chr m:val='∑'/></m:naryPr>"
        f"<m:sub>{math('i')}</m:sub><m:sup>{math('n')}</m:sup>"
        f"<m:e><m:d><m:e>{math('x')}</m:e></m:d></m:e></m:nary></m:oMath>": "∑_i^n(x)",
        '<w:commentRangeStart w:id="0"/><w:r><w:t>注释外</w:t></w:r><w:commentRangeEnd w:id="0"/>': "注释外",
    }  # fmt: skip
    path = save(tmp_path / "a.docx", *(paragraph(inner) for inner in cases))
    assert lines(path) == list(cases.values())


def test_text_boxes_are_read_once_and_block_controls_are_not_skipped(tmp_path: Path) -> None:
    box = f"<w:txbxContent>{paragraph(run('框中文字。'))}</w:txbxContent>"
    drawing = (
        "<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:txbx>"
        f"{box}</wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>{box}</v:textbox>"
        "</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    path = save(
        tmp_path / "a.docx",
        paragraph(run("外面。") + drawing),
        f"<w:sdt><w:sdtPr/><w:sdtContent>{paragraph(run('控件中的段落。'))}</w:sdtContent></w:sdt>",
    )
    assert lines(path) == ["外面。", "框中文字。", "控件中的段落。"]


def cell(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{paragraph(run(text))}</w:tc>"


def row(*cells: str) -> str:
    return f"<w:tr>{''.join(cells)}</w:tr>"


def test_merged_cells_nested_tables_and_adjacent_tables(tmp_path: Path) -> None:
    start, goes_on = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    inner = f"<w:tbl>{row(cell('品种'), cell('量'))}{row(cell('稻'), cell('7'))}</w:tbl>"
    table = (
        "<w:tbl>"
        + row(cell("地区", start), cell("收入", '<w:gridSpan w:val="2"/>'))
        + row(cell("", goes_on), cell("2021年"), cell("2022年"))
        + row(cell("东部", start), cell("1"), f"<w:tc>{paragraph(run('2'))}{inner}<w:p/></w:tc>")
        + row(cell("", goes_on), cell("3"), cell("4"))
        + f"<w:sdt><w:sdtContent>{row(cell('西部'), cell('5'), cell('6'))}</w:sdtContent></w:sdt>"
        + "</w:tbl>"
    )
    path = save(tmp_path / "a.docx", paragraph(run("数据"), '<w:outlineLvl w:val="1"/>'), table)
    rows = [(p.header, p.text) for p in parse_report(path).passages if p.kind == "row"]
    header = "| 地区 | 收入 2021年 | 收入 2022年 |"
    assert rows == [
        (header, "| 东部 | 1 | 2 |"),
        (header, "| 东部 | 3 | 4 |"),
        (header, "| 西部 | 5 | 6 |"),
        ("| 品种 | 量 |", "| 稻 | 7 |"),
    ]


def test_a_frame_of_one_cell_is_text(tmp_path: Path) -> None:
    frame = f"<w:tbl>{row('<w:tc>' + paragraph(run('第一段。')) + paragraph(run('第二段。')) + '</w:tc>')}</w:tbl>"
    assert lines(save(tmp_path / "a.docx", frame)) == ["第一段。", "第二段。"]


@pytest.mark.parametrize("as_control", [True, False])
def test_a_table_of_contents_is_around_the_report(tmp_path: Path, as_control: bool) -> None:
    begin = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> TOC \\o "1-3" </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    )
    entry = "<w:r><w:t>{}</w:t><w:tab/><w:t>{}</w:t></w:r>"
    contents = (
        paragraph(begin + entry.format("一、前言", 1))
        + paragraph(entry.format("二、结论", 9))
        + paragraph('<w:r><w:fldChar w:fldCharType="end"/></w:r>')
    )
    if as_control:
        blocks = [
            "<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val='Table of Contents'/></w:docPartObj>"
            f"</w:sdtPr><w:sdtContent>{paragraph(run('目录'))}{contents}</w:sdtContent></w:sdt>"
        ]
    else:
        blocks = [f"{part}</w:p>" for part in contents.split("</w:p>") if part]
    heading = '<w:outlineLvl w:val="0"/>'
    path = save(
        tmp_path / "a.docx",
        *blocks,
        paragraph(run("一、前言"), heading),
        paragraph(run("甲。")),
        paragraph(run("二、结论"), heading),
        paragraph(run("乙。")),
    )
    report = clean_report(path)
    assert report.trail.text == "一、前言\n甲。\n二、结论\n乙。"
    assert "一、前言\t1" in report.loaded.text
    assert {edit.rule for edit in report.trail.edits} == {"around-report"}


def test_a_field_that_never_ends_takes_no_text_with_it(tmp_path: Path) -> None:
    begin = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> TOC </w:instrText></w:r>'
    )
    separate = '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    path = save(
        tmp_path / "a.docx",
        paragraph(begin + separate + run("前言 1")),
        paragraph(run("前言"), '<w:outlineLvl w:val="0"/>'),
        paragraph(run("正文")),
        paragraph('<w:r><w:fldChar w:fldCharType="begin"/></w:r>'),
        paragraph(run("末段。")),
    )
    assert clean_report(path).trail.text == "前言\n正文\n末段。"


def shown_pages(path: Path, pages: int) -> None:
    """Sets how many pages Word counted."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["docProps/app.xml"] = (
        b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
        b"<Pages>%d</Pages><Application>Microsoft Office Word</Application></Properties>" % pages
    )
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


@pytest.mark.parametrize(("counted", "known"), [(3, True), (4, False)])
def test_pages_are_told_where_the_file_knows_each(
    tmp_path: Path, counted: int, known: bool
) -> None:
    broken = "<w:r><w:lastRenderedPageBreak/></w:r>"
    path = save(
        tmp_path / "a.docx",
        paragraph(run("第一页。")),
        paragraph(broken + run("第二页。")),
        paragraph(run("仍是第二页，") + broken + run("第三页。")),
    )
    shown_pages(path, counted)
    loaded = load(path)
    pages = [loaded.text[p.start : p.end] for p in loaded.pages]
    assert pages == (["第一页。\n", "第二页。\n仍是第二页，", "第三页。"] if known else [])


def test_headers_and_the_title_that_a_program_made_up_are_left_out(tmp_path: Path) -> None:
    def change(document: Any) -> None:
        document.core_properties.title = "文档1"
        document.sections[0].header.paragraphs[0].text = "内部资料"

    path = save(
        tmp_path / "a.docx", paragraph(run("某项研究")), paragraph(run("正文。")), change=change
    )
    report = clean_report(path)
    assert (report.title, report.trail.text) == ("某项研究", "某项研究\n正文。")


def test_strict_documents_are_named(tmp_path: Path) -> None:
    path = save(tmp_path / "a.docx", paragraph(run("甲")))
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in parts.items():
            archive.writestr(
                name,
                content.replace(
                    b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
                    b"http://purl.oclc.org/ooxml/officeDocument/relationships",
                ),
            )
    path.write_bytes(buffer.getvalue())
    with pytest.raises(YinjuError, match=r"Strict Open XML.*save it as") as caught:
        load(path)
    assert "\n" not in str(caught.value)


def test_a_table_beyond_the_limits_is_named(tmp_path: Path) -> None:
    from dataclasses import replace

    table = f"<w:tbl>{row(cell('甲'), cell('乙')) * 6}</w:tbl>"
    path = save(tmp_path / "a.docx", table)
    with pytest.raises(YinjuError, match="YINJU_MAX_ROWS"):
        load(path, replace(LIMITS, rows=5))
