"""What can go wrong with a provider: faults that stop a harvest, and oddities that it must read past."""

from __future__ import annotations

import gzip
import re
import time
import zlib
from collections.abc import Callable

from tests.helpers.repository_server import Handler, envelope, error, oai

Fault = Callable[[Handler, int], bool]


def honest(handler: Handler) -> str:
    """Return the answer as it should be."""
    return oai(handler.repository, f"{handler.base}/oai", handler.query)


def in_lists(answer: Callable[[Handler], None]) -> Fault:
    """Make a fault of all answers to ListRecords."""

    def fault(handler: Handler, number: int) -> bool:
        if handler.query.get("verb") != "ListRecords":
            return False
        answer(handler)
        return True

    return fault


def later(answer: Callable[[Handler], None]) -> Fault:
    """Make a fault of all answers to a resumption token."""

    def fault(handler: Handler, number: int) -> bool:
        if "resumptionToken" not in handler.query:
            return False
        answer(handler)
        return True

    return fault


def says(body: bytes, media_type: str = "text/xml", status: int = 200, **headers: str) -> Callable[[Handler], None]:
    return lambda handler: handler.send(status, body, media_type, **headers)


def xml(handler: Handler, text: str) -> None:
    handler.send(200, text.encode(), "text/xml")


def code(name: str) -> Callable[[Handler], None]:
    return lambda handler: xml(
        handler, envelope(handler.repository, handler.base, handler.query, error(name, "no, sorry"))
    )


def same_token(handler: Handler) -> None:
    xml(handler, re.sub("(<resumptionToken[^>]*>)[^<]*", r"\1xoai////20", honest(handler)))


def same_page(handler: Handler) -> None:
    offset = int(handler.query["resumptionToken"].rpartition("/")[2])
    handler.query = {"verb": "ListRecords", "metadataPrefix": "xoai"}
    xml(handler, re.sub("(<resumptionToken[^>]*>)[^<]*", rf"\1xoai////{offset + 20}", honest(handler)))


def empty_pages(handler: Handler) -> None:
    token = f"xoai////{handler.query.get('resumptionToken', '0').rpartition('/')[2]}1"
    inner = f"<ListRecords><resumptionToken>{token}</resumptionToken></ListRecords>"
    xml(handler, envelope(handler.repository, handler.base, handler.query, inner))


def truncated(handler: Handler) -> None:
    body = honest(handler).encode()
    handler.send(200, body[: len(body) // 2], "text/xml")


def truncated_between_records(handler: Handler) -> None:
    body = honest(handler)
    handler.send(200, body[: body.index("</record>") + 9].encode(), "text/xml")


def broken_connection(handler: Handler) -> None:
    body = honest(handler).encode()
    handler.start(200, "text/xml", len(body))
    handler.wfile.write(body[: len(body) // 2])
    handler.close_connection = True


def broken_chunk(handler: Handler) -> None:
    handler.start(200, "text/xml", None)
    handler.wfile.write(b"ffff\r\n" + honest(handler).encode()[:1000])
    handler.close_connection = True


def unknown_encoding(handler: Handler) -> None:
    xml(handler, honest(handler).replace('encoding="UTF-8"', 'encoding="x-martian"'))


def broken_gzip(handler: Handler) -> None:
    body = gzip.compress(honest(handler).encode())
    handler.send(200, body[: len(body) // 2], "text/xml", Content_Encoding="gzip")


def false_gzip(handler: Handler) -> None:
    handler.send(200, honest(handler).encode(), "text/xml", Content_Encoding="gzip")


def gzip_bomb(handler: Handler) -> None:
    packer = zlib.compressobj(9, wbits=31)
    packed = b"".join(packer.compress(b" " * (1 << 20)) for _ in range(64)) + packer.flush()
    handler.send(200, packed, "text/xml", Content_Encoding="gzip")


def endless_record(handler: Handler) -> None:
    handler.start(200, "text/xml", None)
    body = honest(handler)
    handler.chunk(body[: body.index("<record>") + 8].encode())
    for _ in range(1024):  # a gigabyte, if anybody takes it
        handler.chunk(b"<junk>" + b"x" * (1 << 20))


def drip(handler: Handler) -> None:
    handler.start(200, "text/xml", None)
    for byte in honest(handler).encode():
        handler.chunk(bytes([byte]))
        time.sleep(0.05)


def drip_of_headers(handler: Handler) -> None:
    handler.send_response(200)
    handler.flush_headers()
    for number in range(200):
        handler.wfile.write(f"X-{number}: y\r\n".encode())
        time.sleep(0.05)


def silence(handler: Handler) -> None:
    time.sleep(1.2)


def bomb(handler: Handler) -> None:
    entities = "".join(f'<!ENTITY b{number + 1} "&b{number};&b{number};">' for number in range(30))
    declared = f'<!DOCTYPE OAI-PMH [<!ENTITY b0 "ha">{entities}]><OAI-PMH'
    xml(handler, honest(handler).replace("<OAI-PMH", declared, 1).replace("Study", "&b30;", 1))


def external_entity(handler: Handler) -> None:
    declared = f'<!DOCTYPE OAI-PMH [<!ENTITY x SYSTEM "{handler.base}/secret">]><OAI-PMH'
    xml(handler, honest(handler).replace("<OAI-PMH", declared, 1).replace("Study", "&x;", 1))


def redirect(target: str, status: int = 302) -> Callable[[Handler], None]:
    return lambda handler: handler.send(status, b"", Location=target)


def another_verb(handler: Handler) -> None:
    handler.query = {"verb": "Identify"}
    xml(handler, honest(handler))


HTML = b"<!DOCTYPE html><html><head><title>Down for maintenance</title></head><body>Back soon</body></html>"

FAULTS: dict[str, tuple[Fault, str]] = {
    "the same token again": (
        later(same_token),
        "gives the resumption token 'xoai////20' a second time: the list has no end",
    ),
    "the same page again": (
        later(same_page),
        "sends a page of records a second time, under another token: the list has no end",
    ),
    "empty pages without end": (
        in_lists(empty_pages),
        "has sent 26 pages without a record, each with a token for more",
    ),
    "XML that breaks off": (later(truncated), "the file breaks off within the element that starts in line"),
    "XML that breaks off between records": (
        later(truncated_between_records),
        "the file breaks off before the end of its XML",
    ),
    "a connection that breaks off": (later(broken_connection), "the connection breaks off after"),
    "a connection that breaks off in a chunk": (
        later(broken_chunk),
        "the connection breaks off before the answer is whole",
    ),
    "an HTML page": (
        in_lists(says(HTML, "text/html")),
        "the answer is no OAI-PMH but an HTML page 'Down for maintenance'",
    ),
    "some text": (
        later(says(b"busy, come back", "text/plain")),
        "no OAI-PMH but something that begins with 'busy, come back'",
    ),
    "JSON": (in_lists(says(b'{"error": 7}', "application/json")), "something that begins with '{\"error\": 7}'"),
    "nothing": (later(says(b"")), "the answer is empty"),
    "the answer to another question": (
        in_lists(another_verb),
        "the answer holds neither a list of records nor an error",
    ),
    "an encoding that nobody knows": (later(unknown_encoding), "the encoding that the file declares is not known"),
    "gzip that breaks off": (later(broken_gzip), "the answer is gzip that breaks off before its end"),
    "gzip that is none": (later(false_gzip), "the answer is damaged gzip"),
    "gzip that unpacks without end": (later(gzip_bomb), "the answer is larger than max_response_mib = 2"),
    "an encoding that we did not ask for": (
        later(says(b"x", "text/xml", Content_Encoding="br")),
        "answers in the encoding 'br', although we asked for gzip or none",
    ),
    "a gigabyte of one record": (later(endless_record), "the answer is larger than max_response_mib = 2"),
    "a drip": (later(drip), "the server is too slow (longer than 1 s; response_time_limit_s"),
    "a drip of headers": (later(drip_of_headers), "the server is too slow (longer than 1 s; response_time_limit_s"),
    "silence": (later(silence), "the server is too slow"),
    "an XML bomb": (later(bomb), "declares an entity, which may stand for anything"),
    "an external entity": (later(external_entity), "declares an entity, which may stand for anything"),
    "a redirect to another scheme": (
        later(redirect("ftp://example.org/oai")),
        "redirects to ftp://example.org/oai, which is no",
    ),
    "a redirect to a file": (
        later(redirect("file:///etc/passwd")),
        "redirects to file:///etc/passwd, which is no address",
    ),
    "redirects without end": (
        later(redirect("/oai?verb=ListRecords&resumptionToken=x")),
        "redirected more than 5 times",
    ),
    "500": (later(says(b"", status=500)), "it answered 500 Internal Server Error; tried 2 times"),
    "502": (later(says(b"", status=502)), "it answered 502 Bad Gateway; tried 2 times"),
    "503 for a long time": (
        later(says(b"", status=503, Retry_After="86400")),
        "the server asks us to wait 86,400 s, longer than longest_wait_s = 600",
    ),
    "429 for a long time": (
        later(says(b"", status=429, Retry_After="Fri, 01 Jan 2100 00:00:00 GMT")),
        "asks us to wait",
    ),
    "404": (in_lists(says(b"", status=404)), "it answered 404 Not Found: there is nothing at this address"),
    "401": (in_lists(says(b"", status=401)), "they come from the environment (LOD_SOURCE_FAULTY_USER and _PASSWORD"),
    "403": (in_lists(says(b"", status=403)), "it answered 403 Forbidden: it refuses us"),
    "tokens that have always expired": (later(code("badResumptionToken")), "refused its own resumption tokens 4 times"),
    "a set that is none": (
        in_lists(code("badArgument")),
        "answers with the error badArgument (no, sorry); look whether set,",
    ),
    "no sets": (in_lists(code("noSetHierarchy")), "the provider has no sets: leave the set out"),
    "another form": (in_lists(code("cannotDisseminateFormat")), "leave metadata_prefix out, or name one"),
    "an error of its own": (
        in_lists(code("outOfPaper")),
        "answers with the error outOfPaper (no, sorry); look at the address",
    ),
}
"""Name, what happens, and what is told."""


# ------------------------------------------------------------------ oddities that cost nothing


def changed(old: str, new: str) -> Fault:
    """Make an oddity: in every list something is written in another way."""
    return in_lists(lambda handler: xml(handler, re.sub(old, new, honest(handler))))


def sent(before: bytes = b"", after: bytes = b"", media_type: str = "text/xml") -> Fault:
    return in_lists(lambda handler: handler.send(200, before + honest(handler).encode() + after, media_type))


def written(write: Callable[[str], str]) -> Fault:
    """Make an oddity: tokens are written in another way, and understood in the one that they are meant in."""

    def answer(handler: Handler) -> None:
        token = "(<resumptionToken[^>/]*>)([^<]+)"
        xml(handler, re.sub(token, lambda match: match[1] + write(match[2]), honest(handler)))

    return in_lists(answer)


def percent_in_token(handler: Handler) -> None:
    """Answer with tokens that hold percent signs of their own, and take none that a client has decoded or encoded."""
    token = handler.query.get("resumptionToken")
    if token is not None:
        if "%2F" not in token:
            return code("badResumptionToken")(handler)
        handler.query["resumptionToken"] = token.replace("%2F", "/")
    answer = honest(handler)
    xml(handler, re.sub(r"(<resumptionToken[^>/]*>)([^<]+)", lambda m: m[1] + m[2].replace("/", "%2F"), answer))
    return None


def prefixed(handler: Handler) -> None:
    """Answer with a prefix for each element of OAI-PMH outside of the metadata."""
    names = "OAI-PMH|responseDate|request|ListRecords|record|header|identifier|datestamp|setSpec|resumptionToken|error"
    answer = re.sub(
        rf"<(/?)({names})(?=[\s/>])", r"<\1oai:\2", honest(handler).replace("OAI-PMH xmlns=", "OAI-PMH xmlns:oai=")
    )
    answer = re.sub(
        r"(</oai:header>)<metadata>(.*?)</metadata>(</oai:record>)", r"\1<oai:metadata>\2</oai:metadata>\3", answer
    )
    xml(handler, answer)


def in_small_chunks(handler: Handler) -> None:
    handler.start(200, "text/xml", None)
    body = honest(handler).encode()
    for at in range(0, len(body), 97):
        handler.chunk(body[at : at + 97])
    handler.chunk(b"")


def token_too_many(answer: Callable[[Handler], None]) -> Fault:
    """Make an oddity: the last page has a token, too, which leads to an answer without a new record."""

    def after_all(handler: Handler) -> None:
        if handler.query.get("resumptionToken") == "one-more":
            answer(handler)
        else:
            last = r"<resumptionToken([^>/]*)(?:/>|></resumptionToken>)"
            xml(handler, re.sub(last, r"<resumptionToken\1>one-more</resumptionToken>", honest(handler)))

    return in_lists(after_all)


def no_records(handler: Handler) -> None:
    xml(
        handler,
        envelope(handler.repository, handler.base, handler.query, "<ListRecords><resumptionToken/></ListRecords>"),
    )


def errors_as_404(handler: Handler) -> None:
    """Answer as it should be, but with the status 404 where the answer is an error of OAI-PMH."""
    body = honest(handler)
    handler.send(404 if "<error" in body else 200, body.encode(), "text/xml")


def without_length(handler: Handler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "text/xml")
    handler.send_header("Connection", "close")
    handler.end_headers()
    handler.wfile.write(honest(handler).encode())
    handler.close_connection = True


ODDITIES: dict[str, Fault] = {
    "a byte order mark": sent(before=b"\xef\xbb\xbf"),
    "line breaks before the document": sent(before=b"\r\n\n"),
    "a notice before the document": sent(
        before=b"<br />\n<b>Notice</b>: Undefined index & more in <b>/srv/oai.php</b>\n"
    ),
    "a notice after the document": sent(after=b"\n<br />\n<b>Warning</b>: Undefined index in <b>/srv/oai.php</b>\n"),
    "a token after the last record, which is an error": token_too_many(code("badResumptionToken")),
    "a token after the last record, for which nothing matches": token_too_many(code("noRecordsMatch")),
    "a token after the last record, for an empty page": token_too_many(no_records),
    "errors with the status 404": in_lists(errors_as_404),
    "a comment after the document": sent(after=b"\n<!-- 0.3 s -->\n"),
    "XML that is called HTML": sent(media_type="text/html"),
    "XML that is called nothing": sent(media_type="application/octet-stream"),
    "another encoding in the header": sent(media_type="text/xml;charset=ISO-8859-1"),
    "no XML declaration": changed(r"<\?xml[^>]*>\n", ""),
    "a style sheet": changed(r"(<\?xml[^>]*>)", r'\1<?xml-stylesheet type="text/xsl" href="oai.xsl"?>'),
    "no date of response": changed("<responseDate>.*?</responseDate>", ""),
    "an empty date of response": changed("<responseDate>.*?</responseDate>", '<responseDate x="1"/>'),
    "empty elements between the records": changed("</record>", '</record><about x="1"/><error-free x="/"/>'),
    "empty records of other kinds in the metadata": changed(
        "</metadata></record>", '<error x="1"/></metadata></record>'
    ),
    "a prefix for all elements": in_lists(prefixed),
    "a cursor that counts pages": changed(' cursor="[0-9]+"', ' cursor="1"'),
    "a size that is no number": changed(' completeListSize="[0-9]+"', ' completeListSize="many"'),
    "a size of -1": changed(' completeListSize="[0-9]+"', ' completeListSize="-1"'),
    "a size of none": changed(' completeListSize="[0-9]+"', ' completeListSize="0"'),
    "a size that is too small": changed(' completeListSize="[0-9]+"', ' completeListSize="3"'),
    "line breaks around the token": written(lambda token: f"\n   {token}\n"),
    "a token in CDATA": written(lambda token: f"<![CDATA[{token}]]>"),
    "a token of references": written(lambda token: token.replace("/", "&#x2F;")),
    "a token with percent signs": in_lists(percent_in_token),
    "small chunks": in_lists(in_small_chunks),
    "no length": in_lists(without_length),
}
"""Name, and what happens; such a list is whole all the same."""
