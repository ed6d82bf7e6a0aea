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
    """List the terms that rules, maps and shapes may use.

    WORD is the beginning of a name, such as fabio: or fabio:Policy, or a part of a name or of a label. Several words must all fit.

    \b
    Examples:
      lod terms fabio:Policy
      lod terms journal article
    """
    from lod.rdf.vocabulary import load_vocabulary, nearest_terms

    vocabulary = load_vocabulary()
    named = sorted((vocabulary.compact(iri), term) for iri, term in vocabulary.terms.items())
    found = [(name, term) for name, term in named if all(_fits(word, name, term.label) for word in words)]
    if as_json:
        print_json([{"term": name, "kind": term.kind, "label": term.label, "iri": term.iri} for name, term in found])
    elif not found:
        stop([f"no term fits {' '.join(words)!r}; {nearest_terms(vocabulary, words[0])}"], USAGE)
    for name, term in [] if as_json else found:
        click.echo(f"{name:<40} {term.kind:<10} {term.label}")


def _fits(word: str, name: str, label: str) -> bool:
    word, name = word.casefold(), name.casefold()
    return name.startswith(word) or (":" not in word and (word in name.rpartition(":")[2] or word in label.casefold()))
