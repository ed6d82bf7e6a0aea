"""Kept answers: the latest stay, within a number of bytes."""

from lod.web.http.cache import Answer, KeptAnswers


def test_the_answers_not_asked_for_longest_go_first():
    kept = KeptAnswers(100)
    for name in "abcdefghijk":
        kept.put(name, Answer(b"x" * 10, "", ""))
        assert kept.get("a") is not None
    assert kept.get("b") is None
    assert kept.get("k") is not None


def test_an_answer_that_would_fill_the_space_is_not_kept():
    kept = KeptAnswers(100)
    kept.put("large", Answer(b"x" * 11, "", ""))
    assert kept.get("large") is None


def test_an_answer_put_twice_counts_once():
    kept = KeptAnswers(100)
    kept.put("other", Answer(b"y" * 10, "", ""))
    for _ in range(50):
        kept.put("same", Answer(b"x" * 10, "", ""))
    assert kept.get("other") == Answer(b"y" * 10, "", "")
