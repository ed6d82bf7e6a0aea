"""docs/questions.md as it is made of the questions: `pytest tests/web/questions --accept` writes it, a test compares it."""

from lod.questions.load import by_group

HEAD = """# Questions to ask

{number} questions that people put to a repository, by who asks. A site has them at `/questions`, where each is a sentence with blanks that offer
what the site has; its endpoint describes them (`sh:SPARQLExecutable`), and so does its named graph `data/questions`. Here the blanks are filled
with what a site at `https://example.org/` has after

```sh
lod publish lod/sample/item-page.txt lod/sample/climate.csv
```

with `publish_journal_metrics = true`. The tests ask all of them there over HTTP, and count the rows. Prefixes need no declaration on a site of `lod`, and IRIs are written
relative to its address.

- No query needs inference: property paths such as `dcterms:isPartOf+` take its place.
- `langMatches` compares languages whatever the case of their tags.
- A subquery is evaluated first: put the few things that a path ends at, or that are wanted of many, into one, as under "From which journals do we hold
  most?".
- Do not order by `xsd:gYear` or compute with it: engines differ. `xsd:integer(STR(?y))` works in all of them.
- `#defaultView:BarChart` draws the answer (`LineChart`, `ScatterChart`, `Timeline`, `Map`).

The questions are in `lod/questions/questions.toml`; this page is made of it.
"""


def words_of(value):
    """The words for a sample: the last part of an IRI, or the text."""
    return f"“{value.rpartition('/')[2] if value.startswith('id/') else value}”"


def text():
    """The whole page."""
    parts = [HEAD.format(number=len([question for group in by_group().values() for question in group]))]
    for group, questions in by_group().items():
        parts.append(f"\n## {group}\n")
        for question in questions:
            words = {name: words_of(value) for name, value in question.sample.items()}
            query = filled(question, "").partition("\n")[2]
            what = "Triples" if query.lstrip().startswith("CONSTRUCT") else "Rows"
            parts.append(f"\n### {question.sentence(words)}\n\n```sparql\n{query}```\n\n{what}: {question.rows}.\n")
    return "".join(parts)


def filled(question, base):
    """The query of a question on a site of the bundled files, with IRIs relative to `base`."""
    values = {name: f"{base}{value}" if value.startswith("id/") else value for name, value in question.sample.items()}
    # A relative IRI is none that could be filled in.
    stand_in = "https://example.org/"
    absolute = {
        name: value.replace("id/", f"{stand_in}id/", 1) if value.startswith("id/") else value
        for name, value in values.items()
    }
    query = question.filled(absolute, absolute)
    return query if base else query.replace(f"<{stand_in}", "<")
