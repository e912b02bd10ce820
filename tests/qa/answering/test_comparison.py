"""Questions of two things that two passages tell."""

from __future__ import annotations

import pytest

from qa.index import Index


@pytest.mark.parametrize(
    "question", ["慢充和快充有什么区别？", "交流慢充和直流快充的功率分别是多少？"]
)
def test_each_of_two_things_is_quoted(question: str, corpus_index: Index) -> None:
    quotes = [c.quote for c in corpus_index.ask(question, threshold=0.0).citations]
    assert len(quotes) == 2
    assert "7 千瓦" in quotes[0]
    assert "60 千瓦" in quotes[1]


@pytest.mark.parametrize("question", ["产地库和前置库有何不同？", "慢充的功率是多少？"])
def test_one_passage_that_tells_all_is_enough(question: str, corpus_index: Index) -> None:
    assert len(corpus_index.ask(question, threshold=0.0).citations) == 1


def test_both_passages_are_judged_together(corpus_index: Index) -> None:
    """Either lacks half of the question; what they hold together makes it sure."""
    answer = corpus_index.ask("交流慢充和直流快充的功率分别是多少？")
    assert not answer.abstained
    assert answer.note == ""
