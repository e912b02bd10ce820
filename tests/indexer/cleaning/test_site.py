"""Site prompts and the like are removed; what a report says about sites stays."""

from __future__ import annotations

import pytest

from indexer.cleaning.clean import clean
from indexer.load import LoadedFile

ABOUT_SITES = """关于文库网站的研究报告
一、文库类网站的发展
文库类网站的用户需要登录后查看全文,这一做法提高了注册率。
1.登录后查看全文
2.开通会员免费下载
会员收入占比
更多企业请关注海外市场
(三)版权声明与举报机制
版权声明：平台应当公示规则
下载量与下载券
优惠券核销
相关推荐算法
相关研究
国外研究多集中于版权问题
广告收入
收藏与分享功能
现状
第3页
12
微信公众号运营分析
扫码支付的普及
扫码支付与公众号营销
关注公众号的用户增长情况
上一篇章讨论了模式问题
展开
需要使用积分兑换的商品
领取养老金积分的居民
现状
二、结论
现状"""


def cleaned(text: str) -> str:
    return clean(LoadedFile(text, "txt")).trail.text


def test_a_report_about_sites_stays() -> None:
    assert cleaned(ABOUT_SITES) == ABOUT_SITES


@pytest.mark.parametrize(
    "line",
    [
        "登录后查看全文",
        "请先登录/注册后下载",
        "成为会员免费下载",
        "立即领取优惠券",
        "消耗 5 下载券",
        "扫码关注公众号，获取更多资料",
        "欢迎关注微信公众号：行业观察",
        "更多精彩内容请访问首页",
        "【推广】年终大促",
        "点赞 | 收藏 | 分享 | 举报",
        "下一篇：某行业年度报告",
        "本文档由文库用户上传分享",
    ],
)
def test_a_prompt_goes(line: str) -> None:
    assert cleaned(f"市场持续扩大。\n{line}\n政策继续支持。") == "市场持续扩大。\n政策继续支持。"


@pytest.mark.parametrize("form", ["第 {} 页 共 9 页", "- {} -", "{}/9", "Page {} of 9", "{}"])
def test_page_numbers_go_where_they_count_pages(form: str) -> None:
    said = "市场在各地持续扩大，" * 20 + "。"
    text = "\n".join(f"{said}\n{form.format(number)}" for number in range(1, 5))
    assert cleaned(text) == "\n".join([said] * 4)
    close = "\n".join(form.format(number) for number in range(1, 5))
    assert cleaned(close) == close


def test_other_documents_end_at_a_sentence() -> None:
    text = "甲。\n相关文档\n某市发展规划方案\n市场分析报告.pdf\n本章讨论监管。"
    assert cleaned(text) == "甲。\n\n本章讨论监管。"


def test_lists_within_lists_are_removed_once() -> None:
    listed = "相关文档\n某行业报告.doc\n" * 6
    text = f"正文在此。\n{listed}"
    assert clean(LoadedFile(text, "txt")).trail.text.strip() == "正文在此。"
