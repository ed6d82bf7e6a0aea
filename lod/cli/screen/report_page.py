"""The report of a run as one HTML page, which loads nothing and runs nothing: `lod publish --report FILE.html`."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import TYPE_CHECKING

from lod.cli.screen.console import SEVERITY_STYLES
from lod.report import Fate

if TYPE_CHECKING:
    from lod.report import Finding, RunReport

_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
body {{ font-family: sans-serif; line-height: 1.5; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; }}
table {{ border-collapse: collapse; width: 100%; }}
th, td {{ border-bottom: 1px solid #ccc; overflow-wrap: anywhere; padding: .3rem .6rem; text-align: left; vertical-align: top; }}
th {{ white-space: nowrap; }}
.violation {{ color: #a40000; font-weight: bold; }}
</style>
</head>
<body>
<main>
<h1>{title}</h1>
{body}
</main>
</body>
</html>
"""


def report_page(report: RunReport) -> str:
    """Return what one run did as a page: the sums, one row a rule with an example, what keeps records out, and the fields."""
    title = "Report of a dry run" if report.dry_run else f"Report of {report.generation}"
    counts = ("read", "published", "unchanged", "removed", "refused", "warnings", "live")
    order = list(SEVERITY_STYLES)
    rules = sorted(report.by_rule.items(), key=lambda row: (order.index(row[0][1]), -row[1]))
    parts = (
        _table("Records", counts, [[f"{getattr(report, name):,}" for name in counts]]),
        _table("Values", report.totals(), [[f"{count:,}" for count in report.totals().values()]]),
        _table(
            "Findings, one row a rule",
            ("rule", "severity", "count", "what to do", "example"),
            (
                [
                    rule,
                    severity,
                    f"{count:,}",
                    report.rule_messages[rule, severity],
                    _named(report.examples[rule, severity]),
                ]
                for (rule, severity), count in rules
            ),
        ),
        _table(
            "What keeps records out",
            ("rule", "records", "why", "examples"),
            (
                [rule, f"{cause.count:,}", message, "; ".join(_named(finding) for finding in cause.examples)]
                for (rule, message), cause in sorted(report.causes.items(), key=lambda row: -row[1].count)
            ),
        ),
        _table(
            "First violations and warnings",
            ("rule", "severity", "record", "field", "value", "message"),
            (
                [finding.rule, finding.severity, _named(finding), finding.field, finding.value, finding.message]
                for finding in report.findings
            ),
        ),
        _table(
            "Fields",
            ("field", "read", *(fate.value for fate in Fate)),
            (
                [name, f"{sum(row.values()):,}", *(f"{row[fate]:,}" for fate in Fate)]
                for name, row in sorted(report.balance.items())
            ),
        ),
        _table(
            "Left out by readers", ("what", "records"), ([what, f"{n:,}"] for what, n in report.left_out.most_common())
        ),
        _table("Files that were not read", ("file", "why"), ([file, why] for file, why in report.skipped)),
        _table("Sources", ("source",), ([line] for line in (*report.harvested, *report.broken))),
    )
    return _PAGE.format(title=escape(title), body="\n".join(part for part in parts if part))


def _table(title: str, columns: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a heading with a table, "" where it has no rows; every text is escaped."""
    written = [f"<tr>{''.join(_cell(cell) for cell in row)}</tr>" for row in rows]
    if not written:
        return ""
    head = "".join(f'<th scope="col">{escape(column)}</th>' for column in columns)
    body = "\n".join(written)
    return f"<h2>{escape(title)}</h2>\n<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>"


def _cell(text: str) -> str:
    mark = ' class="violation"' if text == "violation" else ""
    return f"<td{mark}>{escape(text)}</td>"


def _named(finding: Finding) -> str:
    place = f" ({finding.place})" if finding.place and finding.place != finding.record else ""
    return f"{finding.record}{place}"
