"""Judge links: which side is published here, is the other one an identifier that can be, do links contradict each other.

What contradicts is left out, all sides of it: to choose one would merge two things or split one, and somebody has to look.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import islice

from lod.errors import BadValueError
from lod.links.link import (
    CONTRADICTION,
    EXACT,
    EXACT_MATCH,
    INVERSE,
    KNOWN,
    SAME_AS,
    TARGET,
    UNKNOWN,
    LinkSet,
    StatedLink,
    finding,
)
from lod.links.targets import Target, is_single, read_target
from lod.report import Finding
from lod.store.search.build.things import CONCEPT
from lod.store.search.find.index import SearchIndex
from lod.store.search.values.identifiers import forms_typed

_BATCH = 2_000
_OTHER_IDENTIFIERS = re.compile(
    r"https?://(?:hdl\.handle\.net/|(?:www\.|pubmed\.)?ncbi\.nlm\.nih\.gov/|pmc\.ncbi\.nlm\.nih\.gov/|(?:www\.)?arxiv\.org/|"
    r"(?:www\.)?worldcat\.org/oclc/|openalex\.org/)",
    re.IGNORECASE,
)
"""Starts of addresses of identifiers that nothing is linked to as a scheme of its own."""
_FEW = 5
"""Things that a message names."""


@dataclass(frozen=True, slots=True)
class JudgedLink:
    """A link that is published: IRIs of the thing here, of the relation and of what is elsewhere, and who says so."""

    subject: str
    relation: str
    target: Target
    stated: StatedLink


@dataclass
class Judged:
    """What became of the links of a site: those to publish, findings, and how many of each file were stated."""

    links: list[JudgedLink] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    stated: Counter[LinkSet] = field(default_factory=Counter)


class Here:
    """What is published here, as links name it."""

    def __init__(self, base: str, index: SearchIndex, moved_to: Callable[[str], str | None]) -> None:
        """`moved_to` returns the present IRI of a thing that has another one now."""
        self.base = base
        self.index = index
        self._moved_to = moved_to

    def found(self, texts: Iterable[str]) -> dict[str, list[str]]:
        """Return the IRIs of what texts name here: an IRI, a page or document, a key, an identifier in any spelling."""
        wanted = {text: self._iris(text) for text in dict.fromkeys(texts)}
        known = self.index.kinds_of(iri for iris in wanted.values() for iri in iris)
        found = {text: [iri for iri in iris if iri in known][:1] for text, iris in wanted.items()}
        left = [text for text, iris in found.items() if not iris]
        forms = {text: _forms(text) for text in left}
        by_form = self.index.iris_by_form(form for some in forms.values() for form in some)
        for text in left:
            named = dict.fromkeys(iri for form in forms[text] for iri in by_form.get(form, ()))
            found[text] = list(named) or self._moved(wanted[text])
        return found

    def _iris(self, text: str) -> list[str]:
        for start in ("page/", "data/"):
            if text.startswith(self.base + start):
                return [f"{self.base}id/{text[len(self.base + start) :]}"]
        return [text] if "://" in text else [f"{self.base}id/{text.removeprefix('id/')}"]

    def _moved(self, iris: Iterable[str]) -> list[str]:
        return [moved for iri in iris if iri.startswith(self.base) and (moved := self._moved_to(iri))][:1]


def _forms(text: str) -> list[str]:
    """Return the forms of the identifiers that a text may be; of an address without looking for those that it cannot be."""
    if "://" not in text:
        return forms_typed(text)
    with suppress(BadValueError):
        if form := read_target(text).form:
            return [form]
    return forms_typed(text) if _OTHER_IDENTIFIERS.match(text) else []


def judge(stated: Iterable[StatedLink | Finding], here: Here, *, hide: Callable[[str], bool]) -> Judged:
    """Return which links are to be published.

    `hide` returns whether a name holds what may not be published; it is left out then.
    """
    judged = Judged()
    found: list[JudgedLink] = []
    parts = iter(stated)
    while batch := list(islice(parts, _BATCH)):
        judged.findings += [part for part in batch if isinstance(part, Finding)]
        links = [part for part in batch if isinstance(part, StatedLink)]
        judged.stated.update(link.set for link in links)
        found += _resolved(links, here, judged.findings, hide)
    judged.links = list(_without_contradictions(_once(found), here, judged.findings))
    return judged


def _resolved(
    links: list[StatedLink], here: Here, findings: list[Finding], hide: Callable[[str], bool]
) -> Iterator[JudgedLink]:
    """Yield the links of which one side is published here, turned so that it comes first."""
    texts = [text for link in links for text in ((link.target,) if link.forms else (link.source, link.target))]
    named = here.found(texts)
    by_form = here.index.iris_by_form(form for link in links for form in link.forms)
    kinds = here.index.kinds_of(iri for iris in (*named.values(), *by_form.values()) for iri in iris)
    for link in links:
        sources = (
            list(dict.fromkeys(iri for form in link.forms for iri in by_form.get(form, ())))
            if link.forms
            else named[link.source]
        )
        targets = named[link.target]
        if link.forms and not sources:
            continue
        if objection := _objection(link, sources, targets):
            findings.append(objection)
        else:
            subject, other = (sources[0], link.target) if sources else (targets[0], link.source)
            yield from _checked(link, subject, other, kinds, findings, hide, turned=not sources)


def _objection(link: StatedLink, sources: Sequence[str], targets: Sequence[str]) -> Finding | None:
    """Return why a link cannot be one of something here, given what its sides are here; None where nothing is wrong."""
    subjects = sources or targets
    if not subjects:
        return finding(
            UNKNOWN,
            f"neither side is published here: {link.source[:120]} and {link.target[:120]}; if it should be, look for its IRI or identifier on its page",
            link.place,
        )
    if len(subjects) > 1:
        return finding(
            CONTRADICTION,
            f"{(link.source if sources else link.target)[:120]} names several things here ({_few(subjects)}); name one of them by its IRI",
            link.place,
        )
    if sources and targets and sources == targets:
        return finding(KNOWN, "what it links is stated in the records already", link.place, focus=subjects[0])
    if sources and targets and not link.forms and not link.inverse:
        return finding(
            CONTRADICTION,
            f"both sides are published here, as {sources[0]} and {targets[0]}; if they are one, correct the records",
            link.place,
            focus=sources[0],
        )
    return None


def _checked(
    link: StatedLink,
    subject: str,
    other: str,
    kinds: dict[str, str],
    findings: list[Finding],
    hide: Callable[[str], bool],
    *,
    turned: bool,
) -> Iterator[JudgedLink]:
    try:
        target = read_target(other)
    except BadValueError as fault:
        findings.append(finding(TARGET, f"the target was not linked: {fault}", link.place, other, subject))
        return
    relation = link.relation or (EXACT_MATCH if kinds.get(subject) == CONCEPT else SAME_AS)
    turned_relation = link.inverse or INVERSE.get(relation, relation)
    yield JudgedLink(subject, turned_relation if turned else relation, target, _shown(link, hide))


def _shown(link: StatedLink, hide: Callable[[str], bool]) -> StatedLink:
    """Return a link without what may not be published of who made it, and of its file."""
    said = {name: "" for name in ("creator", "description") if hide(getattr(link.set, name))}
    return replace(link, by="" if hide(link.by) else link.by, set=replace(link.set, **said) if said else link.set)


def _once(links: Iterable[JudgedLink]) -> list[JudgedLink]:
    """Return links, each once: what several files state is said by the first."""
    found: dict[tuple[str, str, str], JudgedLink] = {}
    for link in links:
        found.setdefault((link.subject, link.relation, link.target.iri), link)
    return list(found.values())


def _without_contradictions(links: list[JudgedLink], here: Here, findings: list[Finding]) -> Iterator[JudgedLink]:
    """Yield the links that agree with each other and with what is published."""
    exact = [link for link in links if link.relation in EXACT]
    subjects: defaultdict[str, set[str]] = defaultdict(set)
    targets: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    owners = here.index.iris_by_form(link.target.form for link in exact if link.target.form)
    stated = here.index.forms_of(link.subject for link in exact)
    for link in exact:
        subjects[link.target.iri].update((link.subject, *owners.get(link.target.form, ())))
        if is_single(link.target.scheme):
            targets[link.subject, link.target.scheme].add(link.target.form)
    for (subject, scheme), values in targets.items():
        values.update(form for form in stated.get(subject, ()) if form.startswith(f"{scheme}:"))
    said: set[tuple[str, str]] = set()
    for link in links:
        if link.relation not in EXACT:
            yield link
            continue
        several = subjects[link.target.iri]
        others = targets.get((link.subject, link.target.scheme), set())
        if link.target.form in stated.get(link.subject, ()) and len(several) == 1:
            findings.append(
                finding(KNOWN, "what it links is stated in the records already", link.stated.place, focus=link.subject)
            )
        elif len(several) > 1:
            _say(
                findings,
                said,
                link,
                link.target.iri,
                f"{link.target.iri} is linked to several things here ({_few(several)}), which would make them one; leave one link, or correct the records",
            )
        elif len(others) > 1:
            _say(
                findings,
                said,
                link,
                f"{link.subject} {link.target.scheme}",
                f"it has several identifiers of one scheme ({_few(others)}); leave the right one",
            )
        else:
            yield link


def _say(findings: list[Finding], said: set[tuple[str, str]], link: JudgedLink, what: str, message: str) -> None:
    """Report a contradiction once for each file that has a part in it."""
    if (what, link.stated.set.name) not in said:
        said.add((what, link.stated.set.name))
        findings.append(
            finding(CONTRADICTION, f"nothing of it was published: {message}", link.stated.place, focus=link.subject)
        )


def _few(values: Iterable[str]) -> str:
    ordered = sorted(values)
    more = f" and {len(ordered) - _FEW} more" if len(ordered) > _FEW else ""
    return ", ".join(ordered[:_FEW]) + more
