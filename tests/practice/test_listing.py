from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from s3gui.practice.listing import Query, walk

names = st.text("ab/é", min_size=1, max_size=5)


def in_one_go(keys, prefix, delimiter):
    """The definition: what a listing without pages gives, in order."""
    found = []
    for key in sorted((key for key in keys if key.startswith(prefix)), key=str.encode):
        end = key.find(delimiter, len(prefix)) if delimiter else -1
        name = key if end < 0 else key[: end + len(delimiter)] + "*"
        if name not in found:
            found.append(name)
    return found


@given(
    keys=st.sets(names, max_size=30),
    prefix=st.text("ab/", max_size=2),
    delimiter=st.sampled_from(["", "/", "ab", "é"]),
    limit=st.integers(1, 7),
)
def test_pages_put_together_are_the_listing_in_one_go(keys, prefix, delimiter, limit):
    entries = sorted(keys, key=str.encode)

    def fetch(start, after, count):
        later = [
            key for key in entries if key.encode() > start or (key.encode() == start and not after)
        ]
        return later[:count]

    query = Query(prefix, delimiter, limit, None)
    found, start = [], (b"", None)
    for _ in range(len(keys) + 1):
        page = walk(query, start, fetch, key_of=lambda key: key, state_of=lambda key: key)
        assert page.count <= limit
        found += sorted([*page.entries, *(f"{name}*" for name in page.prefixes)], key=str.encode)
        if not page.truncated:
            break
        start = (query.after(page.last_name), None)
    assert found == in_one_go(keys, prefix, delimiter)


def test_a_query_is_read_from_its_arguments():
    arguments = {"prefix": "a", "delimiter": "/", "max-keys": "5000", "encoding-type": "url"}
    call = SimpleNamespace(
        request=SimpleNamespace(
            argument=arguments.get,
            number=lambda name, default, highest: min(int(arguments[name]), highest),
        ),
        service=SimpleNamespace(limits=SimpleNamespace(page_entries=1000)),
    )
    query = Query.of(call, limit_name="max-keys")
    assert query == Query("a", "/", 1000, "url")
    assert query.encode("a b/ü+") == "a%20b/%C3%BC%2B"
    assert Query("", "", 1, None).encode("a b") == "a b"
