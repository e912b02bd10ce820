"""The words that a user adds to an index: read, kept with the snapshot, used on both sides."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from indexer.errors import YinjuError
from indexer.text.lexicon import is_name, names_in
from indexer.text.segment import PLAIN, Segmenter
from indexer.text.vocabulary import Term, Vocabulary, parse_vocabulary, read_vocabulary

FILES = {
    "terms.txt": "# 行业术语\n碳捕集与封存 20 nz\n\n黑粉 nz\n梯次利用   # 不写词频\n",
    "stopwords.txt": "\ufeff概况\n-哪些\n",
    "synonyms.txt": "央行 中國人民銀行\n网贷 网络借贷 P2P\n",
}


def _written(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_files_are_read_folded_and_without_comments(tmp_path: Path) -> None:
    found = read_vocabulary(_written(tmp_path, FILES))
    assert found.terms == (Term("碳捕集与封存", 20, "nz"), Term("黑粉", 0, "nz"), Term("梯次利用"))
    assert (found.stopwords, found.kept) == (("概况",), ("哪些",))
    assert found.synonyms_by_word["p2p"] == ("网贷", "网络借贷")
    assert found.synonyms_by_word["央行"] == ("中国人民银行",)
    assert parse_vocabulary(found.to_json()) == found


def test_no_files_are_no_vocabulary(tmp_path: Path) -> None:
    assert not read_vocabulary(tmp_path)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("terms.txt", "电池\n\n黑 粉 末 n\n", "terms.txt, line 3: found '黑 粉 末 n'"),
        ("terms.txt", "黑粉 名词", "expected a word, and after it"),
        ("stopwords.txt", "概况 情况", "expected one word"),
        ("synonyms.txt", "央行", "expected two words or more"),
    ],
)
def test_a_line_that_is_wrong_is_named(tmp_path: Path, name: str, text: str, message: str) -> None:
    with pytest.raises(YinjuError) as caught:
        read_vocabulary(_written(tmp_path, {name: text}))
    assert message in str(caught.value)


def test_a_file_in_another_encoding_is_named(tmp_path: Path) -> None:
    (tmp_path / "terms.txt").write_bytes("电池".encode("gbk"))
    with pytest.raises(YinjuError, match="save it as UTF-8"):
        read_vocabulary(tmp_path)


def test_a_segmenter_has_its_own_terms_stop_words_and_synonyms(tmp_path: Path) -> None:
    text = "碳捕集与封存的概况"
    own = Segmenter(read_vocabulary(_written(tmp_path, FILES)))
    assert "碳捕集与封存" not in PLAIN.words(text)
    assert "碳捕集与封存" in own.words(text)
    assert own.content_words(text) == ["碳捕集与封存"]
    assert "哪些" not in own.stop_words
    assert "中国人民银行" in own.words("中国人民银行")
    assert own.synonyms_of("央行") == ("中国人民银行",)
    assert "黑粉" in names_in("处理黑粉", own)
    assert "碳捕集与封存" not in PLAIN.words(text)
    assert "哪些" in PLAIN.stop_words
    assert PLAIN.synonyms_of("央行") == ()
    assert is_name("驰禾", Segmenter(Vocabulary(terms=(Term("驰禾", tag="nt"),))))
    assert not is_name("驰禾", PLAIN)


def test_segmenters_of_two_vocabularies_do_not_disturb_each_other_in_threads() -> None:
    text, words = "碳捕集与封存项目", ("碳捕集与封存", "捕集与封")
    own = [Segmenter(Vocabulary(terms=(Term(word),))) for word in words]
    with ThreadPoolExecutor(4) as pool:
        cuts = list(pool.map(lambda i: own[i % 2].words(f"{text}{i}"), range(200)))
    assert all(words[i % 2] in cut and words[1 - i % 2] not in cut for i, cut in enumerate(cuts))


def test_without_terms_the_dictionary_is_shared() -> None:
    assert Segmenter(Vocabulary(stopwords=("概况",))).tokenizer is Segmenter().tokenizer
