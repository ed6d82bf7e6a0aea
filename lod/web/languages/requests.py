"""The language of a request and of its response: which one is set before a page is made, and what the headers say of it."""

from __future__ import annotations

from flask import Response, request

from lod.web.languages.page_language import PARAMETER, page_language, requested_language, set_page_language
from lod.web.languages.switch import current_offer, with_language

VARIES_BY = "Accept-Language"
_HTML = "text/html"


def set_language_of_request() -> None:
    """Set the language of the page that the current request may get."""
    chosen, header = request.args.get(PARAMETER), request.headers.get(VARIES_BY)
    set_page_language(requested_language(chosen, header, current_offer().languages))


def language_headers(content_type: str) -> list[tuple[str, str]]:
    """Return the headers about the language of a page; none for any other representation, which is the same to all readers."""
    return [("Content-Language", page_language().tag)] if content_type.startswith(_HTML) else []


def varies_by_language(content_type: str) -> bool:
    """Return whether another reader may get a representation in another language: a page whose address names none."""
    return content_type.startswith(_HTML) and not page_language().is_chosen


def add_language_headers(response: Response) -> Response:
    """Say in which language a page is, and carry a language that the address names to where a redirect leads."""
    if 300 <= response.status_code < 400:
        location, language = response.headers.get("Location"), page_language()
        if location and language.is_chosen:
            response.headers["Location"] = with_language(location, language.tag, current_offer().mount)
        return response
    kind = response.content_type or ""
    if "Content-Language" not in response.headers and kind.startswith(_HTML):
        response.headers.extend(language_headers(kind))
        if varies_by_language(kind):
            response.vary.add(VARIES_BY)
    return response
