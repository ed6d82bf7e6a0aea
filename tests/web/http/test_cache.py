"""Response cache: the latest entries stay, within a number of bytes."""

from lod.web.http.cache import Representation, ResponseCache


def test_the_least_recently_used_entries_go_first():
    cache = ResponseCache(100)
    for name in "abcdefghijk":
        cache.put(name, Representation(b"x" * 10, "", ""))
        assert cache.get("a") is not None
    assert cache.get("b") is None
    assert cache.get("k") is not None


def test_an_entry_that_would_fill_the_cache_is_not_stored():
    cache = ResponseCache(100)
    cache.put("large", Representation(b"x" * 11, "", ""))
    assert cache.get("large") is None


def test_an_entry_put_twice_counts_once():
    cache = ResponseCache(100)
    cache.put("other", Representation(b"y" * 10, "", ""))
    for _ in range(50):
        cache.put("same", Representation(b"x" * 10, "", ""))
    assert cache.get("other") == Representation(b"y" * 10, "", "")
