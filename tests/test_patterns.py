"""Every regular expression takes time in proportion to the text, whatever the text is.

They are found twice: each call of `re` in the source, evaluated in its module, and each pattern that a module holds. What is
counted is the processor's time of this thread, which the load of the machine does not change. Most runs take less than two
thousandths of a second and are let pass; of the others, four times the text may take nine times as long (a linear pattern
takes four times, a quadratic one sixteen times), and none may take a ninth of a second for 16,000 characters. A run that
takes too long is interrupted, and one that seems to is measured three times.
"""

import ast
import importlib
import re
import signal
import time
import tomllib
import types

import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st

from lod import bundled
from lod.mapping.publication.serials import split_series
from lod.mapping.resources import subjects
from lod.mapping.values import identifiers, text
from lod.sources.parsing import encodings
from lod.sources.pubmed import dates as pubmed_dates
from lod.web.evaluation.query_text import names_dataset, nesting
from lod.web.evaluation.service_keyword import TOKEN, calls_service
from tests.helpers.paths import ROOT
from tests.helpers.slow_texts import ways_to_hurt

SIZE = 16_000
NOTICED_S, LIMIT_S, MOST_GROWTH = 0.002, 1.0, 9
METHODS = ("search", "match", "fullmatch", "sub", "split", "findall", "finditer")
FLAGS_AT = {"compile": 1, "search": 2, "match": 2, "fullmatch": 2, "findall": 2, "finditer": 2, "split": 3, "sub": 4}
# Where the source names no method, since the pattern is handed on or stands in a table.
HANDED_ON = {
    "lod.mapping.values.citation_ways": {"fullmatch"},
    "lod.mapping.values.citations": {"fullmatch"},
    "lod.mapping.publication.article_numbers": {"fullmatch"},
    "lod.mapping.unlabelled.fields": {"search"},
    "lod.mapping.values.identifiers": {"fullmatch"},
    "lod.mapping.values.authority_keys": {"fullmatch", "match"},
    "lod.sources.dublin_core.json_lines": {"fullmatch"},
    "lod.sources.tables.proposals": {"match", "fullmatch"},
    "lod.validation.rules.dates": {"fullmatch"},
    "lod.validation.rules.identifiers": {"fullmatch"},
    "lod.web.writing.turtle": {"fullmatch"},
    "lod.store.catalog.redirects": {"search"},
    "lod.sources.parsing.json_numbers": {"match", "fullmatch"},
    "lod.rdf.names": {"fullmatch"},
    "lod.web.writing.rdf_xml": {"fullmatch"},
}
# Calls whose pattern is made when they run, by module and source text: what they are run with.
MADE_LATER = {
    ("lod.mapping.values.citation_ways", "way"): "held",
    ("lod.mapping.values.citation_ways", "way.replace('ISSUE', issue)"): "held",
    ("lod.mapping.publication.article_numbers", "form"): "held",
    ("lod.mapping.unlabelled.fields", "pattern"): "held",
    ("lod.mapping.values.authority_keys", "pattern"): "held",
    ("lod.mapping.values.authority_keys", "naming"): "held",
    ("lod.links.targets", "form"): "held",
    ("lod.links.targets", "f'https?://(?:www\\\\.)?{addresses}'"): "held",
    ("lod.validation.rules.graph", "pattern"): "held",
    ("lod.validation.rules.identifiers", "pattern"): "held",
    ("lod.mapping.resources.links", "label"): "labels",
    ("lod.sources.pages.page_labels", "label.pattern"): "page labels",
    ("lod.sources.oai.payloads", "f'<(?:[\\\\w.-]+:)?{name}[\\\\s>]'"): "element",
    ("lod.sources.parsing.xml_files", "re.escape(self._root) + b'[\\\\s/>]'"): "root",
    (
        "lod.sources.parsing.xml_files",
        "b'<\\\\?xml\\\\s[^<>]{0,500}\\\\?>|(?P<root><' + name + b'(?=[\\\\s/>]))'",
    ): "root",
    ("lod.sources.parsing.xml_files", "b'</' + name + b'\\\\s{0,99}>'"): "root",
    ("lod.patterns", "expression"): "a librarian's own",
    ("lod.validation.engines.value_checks", "str(pattern)"): "a librarian's own",
    ("lod.settings.rows", "f'[{self.splits_at}]'"): "one character of a list",
    ("lod.mapping.crosswalk_files.load", "row[key]"): "files",
    ("lod.mapping.crosswalk_files.import_mapping", "statement.condition"): "a librarian's own",
}


class SlowError(Exception):
    """A pattern has had its time."""


def _interrupt(number, frame):
    raise SlowError


@pytest.fixture(autouse=True)
def interrupted_when_slow():
    before = signal.signal(signal.SIGVTALRM, _interrupt)
    yield
    signal.signal(signal.SIGVTALRM, before)


def cpu_seconds(run):
    start = time.thread_time()
    signal.setitimer(signal.ITIMER_VIRTUAL, LIMIT_S)
    try:
        run()
    except SlowError:
        return LIMIT_S
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    return time.thread_time() - start


def is_linear(run, text_of):
    """Tell whether a run takes time in proportion to the text; `text_of` makes one of a size."""
    once = cpu_seconds(lambda: run(text_of(SIZE)))
    if once < NOTICED_S:
        return True
    for _ in range(3):
        if once >= LIMIT_S / MOST_GROWTH:
            return False
        if cpu_seconds(lambda: run(text_of(4 * SIZE))) < MOST_GROWTH * once:
            return True
        once = cpu_seconds(lambda: run(text_of(SIZE)))
    return False


def runner(pattern, method):
    if method == "sub":
        return lambda text: pattern.sub(text[:0], text)
    if method == "finditer":
        return lambda text: sum(1 for _ in pattern.finditer(text))
    return getattr(pattern, method)


def slow_texts(pattern, methods, most=3):
    """Return what a pattern is slow with: the method, what comes first, what is repeated, what ends the text."""
    found = []
    for method in sorted(methods):
        run = runner(pattern, method)
        for way in ways_to_hurt(pattern):

            def text_of(size, way=way):
                return way.text(size) if isinstance(pattern.pattern, str) else way.text(size).encode()

            if not is_linear(run, text_of):
                found.append((method, *way))
                if len(found) == most:
                    return found
    return found


def _module_name(path):
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


TREES = {
    _module_name(path): ast.parse(path.read_text(encoding="utf-8")) for path in sorted((ROOT / "lod").rglob("*.py"))
}


def _uses():
    """Return the attributes that are asked of each module's names, None where a name is handed on, by module and name."""
    found = {}
    for module, tree in TREES.items():
        imported = {
            alias.asname or alias.name: (node.module, alias.name)
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
        }
        parents = {child: parent for parent in ast.walk(tree) for child in ast.iter_child_nodes(parent)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                parent = parents[node]
                asked = parent.attr if isinstance(parent, ast.Attribute) else None
                found.setdefault(imported.get(node.id, (module, node.id)), set()).add(asked)
    return found


def _called():
    """Yield module, source text and pattern, None for one made later, and the methods of each call of `re`."""
    uses = _uses()
    for module, tree in TREES.items():
        parents = {child: parent for parent in ast.walk(tree) for child in ast.iter_child_nodes(parent)}
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Call) and ast.unparse(node.func) in {f"re.{name}" for name in FLAGS_AT}):
                continue
            method = node.func.attr
            flags = [keyword.value for keyword in node.keywords if keyword.arg == "flags"] or node.args[
                FLAGS_AT[method] :
            ]
            names = vars(importlib.import_module(module))
            try:
                pattern = re.compile(*(eval(ast.unparse(part), dict(names)) for part in [node.args[0], *flags[:1]]))  # noqa: S307
            except NameError:
                pattern = None
            methods = {method}
            if method == "compile":
                parent = parents[node]
                target = parent.targets[0] if isinstance(parent, ast.Assign) else parent
                asked = uses.get((module, ast.unparse(target)), {None}) - {"pattern"}
                if isinstance(parent, ast.Attribute):
                    asked = {parent.attr}
                methods = HANDED_ON.get(module, {"search", "fullmatch", "sub"}) if None in asked else asked
            yield module, ast.unparse(node.args[0]), pattern, frozenset(methods)


def _held(value, seen):
    """Yield the patterns that a value holds, in collections, dataclasses, functions and bound methods."""
    if id(value) in seen:
        return
    seen.add(id(value))
    if isinstance(value, re.Pattern):
        yield value, None
    elif isinstance(value, types.BuiltinMethodType) and isinstance(value.__self__, re.Pattern):
        yield value.__self__, value.__name__
    elif isinstance(value, dict):
        for part in value.values():
            yield from _held(part, seen)
    elif isinstance(value, (list, tuple, set, frozenset)):
        for part in value:
            yield from _held(part, seen)
    elif isinstance(value, types.FunctionType):
        for cell in value.__closure__ or ():
            yield from _held(cell.cell_contents, seen)
    elif type(value).__module__.startswith("lod."):
        for name in {*getattr(value, "__slots__", ()), *getattr(value, "__dict__", ())}:
            yield from _held(getattr(value, name, None), seen)


def _of_files():
    for path in sorted((bundled.VOCAB / "crosswalk").glob("*.toml")):
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        for row in table.get("rule", []):
            if "when" in row:
                yield f"{path.name}: {row['field']}", re.compile(row["when"]), {"search"}
        for row in table.get("scheme", []):
            if "pattern" in row:
                yield f"{path.name}: {row['name']}", re.compile(row["pattern"]), {"fullmatch"}
    for path in sorted(bundled.SHAPES.glob("*.ttl")):
        for _, expression in rdflib.Graph().parse(path).subject_objects(rdflib.SH.pattern):
            yield path.name, re.compile(str(expression)), {"search"}


def _made_later():
    from lod.mapping.resources.links import _READERS
    from lod.sources.pages.page_labels import DISPLAY, LINKS
    from lod.sources.parsing.xml_pieces import _Splitter

    for label, _, _ in _READERS:
        yield "labels", re.compile(label, re.IGNORECASE), {"match"}
    for label in {*DISPLAY.values(), *LINKS.values()}:
        yield "page labels", re.compile(label.pattern), {"search"}
    yield "element", re.compile(r"<(?:[\w.-]+:)?dc[\s>]"), {"search"}
    yield "root", re.compile(rb"<records[\s/>]"), {"search"}
    yield "token", _Splitter(frozenset({"record", "dc"}), 1)._token, {"search"}


CALLED = list(_called())
HELD = [(module, *held) for module in TREES for held in _held(vars(importlib.import_module(module)), set())]


def _patterns():
    """Return every pattern once, with the places that it stands in and the methods that it is run with."""
    found = {}
    rows = [
        *((module, pattern, methods) for module, _, pattern, methods in CALLED if pattern),
        *_of_files(),
        *_made_later(),
    ]
    known = {(pattern.pattern, pattern.flags) for _, pattern, _ in rows}
    for module, pattern, method in HELD:
        if (pattern.pattern, pattern.flags) not in known:
            rows.append((module, pattern, {method} if method else HANDED_ON.get(module, {"search", "fullmatch"})))
    for place, pattern, methods in rows:
        places, all_methods = found.setdefault((pattern.pattern, pattern.flags), (set(), set()))
        places.add(place)
        all_methods |= methods
    return found


PATTERNS = _patterns()
GROUPS = 8


def test_no_pattern_is_overlooked():
    """A new way to make a pattern has to be named in the tables above."""
    later = {
        (module, text)
        for module, text, pattern, _ in CALLED
        if pattern is None and module != "lod.sources.parsing.xml_pieces"
    }
    assert later - MADE_LATER.keys() == set()
    assert {name for _, _, _, methods in CALLED for name in methods} <= {*METHODS}
    imports = [ast.unparse(node) for tree in TREES.values() for node in ast.walk(tree) if isinstance(node, (ast.Import, ast.ImportFrom)) and re.search(r"\bre\b", ast.unparse(node))]  # fmt: skip
    assert set(imports) == {"import re"}
    assert len(PATTERNS) > 350
    assert len({module for module, _, _ in HELD}) > 80


@pytest.mark.slow
@pytest.mark.parametrize("group", range(GROUPS))
def test_a_pattern_is_linear_in_the_text(group):
    slow = {}
    for number, ((expression, flags), (places, methods)) in enumerate(PATTERNS.items()):
        if number % GROUPS == group and (found := slow_texts(re.compile(expression, flags), methods)):
            slow[f"{', '.join(sorted(places))}: {expression}"] = found
    assert slow == {}


@pytest.mark.slow
def test_a_quadratic_pattern_is_found():
    assert slow_texts(re.compile(r"\d+x"), {"search"}, most=1)[0][:3] == ("search", "", "1")
    assert slow_texts(re.compile(r"(?:a|aa)+$"), {"match"}, most=1)
    assert slow_texts(re.compile(r"https?://\S+/a/\S+"), {"fullmatch"}, most=1)
    assert slow_texts(re.compile(r"(?<!\s)\s++x"), {"search"}) == []


@pytest.mark.parametrize("function", [nesting, names_dataset, calls_service])
def test_a_query_is_read_in_linear_time(function):
    """The tokens of a query are linear one by one; a string that never ends is looked for a few times only."""

    def run(text):
        try:
            function(f"SERVICE {text}")
        except ValueError as fault:
            assert "close nothing" in str(fault)  # noqa: PT017

    for way in ways_to_hurt(TOKEN):
        assert is_linear(run, lambda size, way=way: way.text(size // 10)), way


# What the linear forms stand for, written plainly: slow, and the same for every text.
PLAIN = [
    pytest.param(identifiers._GLUED_ORCID, "search", r"[\s,;]*[(\[{<]?\s*(?:orcid(?:\s?id)?)?\s*[:=]?\s*(?:https?://)?(?:www\.)?(?:orcid\.org/)?(?P<orcid>\d{4}-\d{4}-\d{4}-\d{3}[\dX])\s*[)\]}>]?[\s.,;]*$", "0000-0002-1825-0097", id="glued ORCID iD"),
    pytest.param(subjects._DASHES, "sub", r"\s*--\s*", "--", id="dashes"),
    pytest.param(subjects._PART, "split", r"\s+-\s+|/", " -", id="parts of a heading"),
    pytest.param(text._LATIN_WORDS, "search", r"[A-Za-zÀ-ÖØ-öø-ɏ]{2,}(?:\W+[A-Za-zÀ-ÖØ-öø-ɏ]{2,}){3}", "ab ", id="words"),
    pytest.param(text._TAG, "sub", rf"<(?:/\s*)?({text._NAMES})(?:\s[^<>]*)?/?\s*>", "<br />", id="markup"),
    pytest.param(encodings._WORD, "search", r"[^\s,;|\"]*[^\x00-\x7f][^\s,;|\"]*", "é", id="word beyond ASCII"),
    pytest.param(pubmed_dates._SINGLE, "fullmatch", r"(?P<year>\d{4})?\s*(?P<month>[A-Za-z]{3,6})?\s*(?P<day>\d{1,2})?", "2010", id="date of PubMed"),
]  # fmt: skip


@pytest.mark.parametrize(("linear", "method", "plain", "piece"), PLAIN)
def test_a_linear_form_means_what_the_plain_one_does(linear, method, plain, piece):
    slow = re.compile(plain, linear.flags)
    pieces = st.sampled_from(
        [piece, *piece, " ", "\t", "\n", "\xa0", ",", ";", "(", ")", "-", "/", "<", ">", "a", "B", "1", "é"]
    )

    @given(st.lists(pieces, max_size=12).map("".join))
    def compare(value):
        found = [getattr(one, method)(*(("|", value) if method == "sub" else (value,))) for one in (linear, slow)]
        if method in {"search", "fullmatch"}:
            found = [match and (match.span(), match.groups()) for match in found]
        assert found[0] == found[1]

    compare()


@given(
    st.lists(
        st.sampled_from(["a", "é", "_", "1", "12", "5:1", "12345:1", ",", " ", "\t", "\n", ":", "Title"]), max_size=9
    )
)
def test_the_number_at_the_end_of_a_series_is_read_as_one_expression_would(pieces):
    value = "".join(pieces)
    match = re.fullmatch(r"(?P<title>.*[^\W\d].*?),?\s+(?P<number>\d{1,4}:\d{1,4})", value)
    assert split_series(value) == ((match["title"], match["number"]) if match else (value, ""))
