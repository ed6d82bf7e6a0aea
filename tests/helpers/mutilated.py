"""Files with parts cut out, repeated, moved, overwritten or put in, as a strategy of Hypothesis."""

from hypothesis import strategies as st

HOSTILE = (
    b"\0",
    b"\xff",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"\x1f\x8b",
    b"PK\x03\x04",
    b"<",
    b">",
    b"&",
    b"&#0;",
    b"]]>",
    b"<!--",
    b"<![CDATA[",
    b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
    b"<?xml version='1.0' encoding='utf-7'?>",
    b'"',
    b"'",
    b"\\",
    b"\\ud800",
    b"{",
    b"}",
    b"[",
    b"]",
    b"null",
    b"-1e999",
    b"9" * 400,
    b",",
    b"||",
    b"::",
    b"\n",
    b"\r",
    b"\t",
    b" " * 300,
    b"%",
    b"@",
    b"#",
    b"\\begin{",
    b"TY  - ",
    b"ER  - ",
    b"\xed\xa0\x80",
    b"\xe2\x80\xae",
    b"\x1b[2J",
    b"\xef\xbf\xbe",
)
"""What some syntax takes for a sign, and what none can hold."""


@st.composite
def mutilated(draw: st.DrawFn, contents: list[bytes]) -> bytes:
    """Draw one of some contents, mutilated in up to four places."""
    content = draw(st.sampled_from(contents))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(content)))
        end = min(len(content), start + draw(st.sampled_from([0, 1, 2, 7, 60, 4_000])))
        part = content[start:end]
        new = draw(
            st.one_of(
                st.just(b""), st.just(part * 2), st.just(part[::-1]), st.sampled_from(HOSTILE), st.binary(max_size=8)
            )
        )
        content = content[:start] + new + content[end:]
    return content
