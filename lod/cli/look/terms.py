"""lod terms: what properties and classes rules and maps may name."""

from __future__ import annotations

import click

from lod.cli.exit_codes import USAGE, stop
from lod.cli.group import main
from lod.cli.options import json_option
from lod.cli.output import print_json


@main.command()
@click.argument("words", nargs=-1, metavar="[WORD]…")
@json_option
def terms(words: tuple[str, ...], as_json: bool) -> None:
    """List the terms and codes for rules, maps and shapes.

    WORD is the beginning of a name, such as fabio: or fabio:Policy, or a part of a name or of a label. Several words must all
    fit. Codes are those of COAR's types and access rights, of languages and of countries.

    \b
    Examples:
      lod terms fabio:Policy
      lod terms journal article
      lod terms irish
    """
    from lod.mapping.values.code_lists import listed_codes
    from lod.rdf.vocabulary import load_vocabulary, nearest_terms

    vocabulary = load_vocabulary()
    named = sorted((vocabulary.compact(iri), term.kind, term.label, iri) for iri, term in vocabulary.terms.items())
    named += [(code, kind, label, "") for code, kind, label in listed_codes()]
    found = [row for row in named if all(_fits(word, row[0], row[2]) for word in words)]
    if as_json:
        print_json([{"term": name, "kind": kind, "label": label, "iri": iri} for name, kind, label, iri in found])
    elif not found:
        bare = words[0].rpartition(":")[2]
        alike = [f"{name}, {kind}: {label}" for name, kind, label, _ in named if _fits(bare, name, label)]
        stop([f"no term fits {' '.join(words)!r}; {nearest_terms(vocabulary, words[0])}", *alike], USAGE)
    for name, kind, label, _ in [] if as_json else found:
        click.echo(f"{name:<40} {kind:<10} {label}")


def _fits(word: str, name: str, label: str) -> bool:
    word, name = word.casefold(), name.casefold()
    return name.startswith(word) or (":" not in word and (word in name.rpartition(":")[2] or word in label.casefold()))
