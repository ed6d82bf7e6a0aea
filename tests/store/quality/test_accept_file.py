"""accept.csv: what somebody accepts leaves the work list and stays in the data; each fault of the file is told."""

import pytest

from lod.errors import ConfigError
from lod.store.quality.values.accept_file import read_accepted
from tests.helpers.quality_site import QualitySite, article

HEADER = "rule,record,field,value,reason,name,date\n"


@pytest.fixture
def site(tmp_path, monkeypatch):
    monkeypatch.setattr("lod.store.quality.build.update._REBUILD_SHARE", 10.0)
    return QualitySite(tmp_path / "site")


def test_what_is_accepted_leaves_the_work_list_and_not_the_data(site):
    rows = [article(1, dc_identifier_doi=""), article(2, dc_identifier_doi="10.5555/3"), article(3)]
    found = site.publish_rows([*rows, article(4, dc_date_issued="soon"), article(5, dc_date_issued="later")])
    assert [found["rule", rule] for rule in ("missing-doi", "same-doi", "I18 warning")] == [1, 2, 2]
    report = [finding.rule for finding in site.live.catalog.findings("10722/4")]
    (site.folder / "accept.csv").write_text(
        f"{HEADER}missing-doi,10722/1,,,It never had one,A. Cataloguer,2026-11-30\n"
        "same-doi,10722/2,,,Two versions,A. Cataloguer,2026-11-30\n"
        "I18,10722/4,dc.date.issued,soon,As printed,A. Cataloguer,2026-11-30\n"
        "I18,10722/5,dc.date.issued,another value,As printed,A. Cataloguer,2026-11-30\n",
        encoding="utf-8",
    )
    found = site.publish_rows([*rows, article(4, dc_date_issued="soon"), article(5, dc_date_issued="later")])
    assert ("rule", "missing-doi") not in found
    assert (found["accepted", "missing-doi"], found["accepted", "same-doi"]) == (1, 1)
    assert (found["rule", "same-doi"], found["rule", "I18 warning"], found["accepted", "I18 warning"]) == (1, 1, 1)
    assert [finding.rule for finding in site.live.catalog.findings("10722/4")] == report
    assert site.run("verify", "--site", site.folder).exit_code == 0
    (site.folder / "accept.csv").unlink()
    assert site.publish_rows(rows)["rule", "missing-doi"] == 1


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        pytest.param("rule,record\nI18,1/2\n", ["accept.csv: no column reason, name, date; the first line names the columns: rule,record,reason,name,date"], id="columns"),
        pytest.param(f"{HEADER}I18,,,,Fine,A,2026-11-30\n", ["accept.csv, line 2: no record; a line has rule, record, reason, name, date, and may have field and value"], id="no record"),
        pytest.param(f"{HEADER}I18,1/2,,,Fine,A,30.11.2026\n", ["accept.csv, line 2: the date is '30.11.2026'; write the day as 2026-11-30"], id="date"),
        pytest.param(f"{HEADER}I18,1/2,,,Fine,A,2026-11-30\nI18,1/2,,,Fine,B,2026-11-30\n", ["accept.csv, line 3: the same is accepted in a line before; delete one of them"], id="twice"),
        pytest.param("rule,record,reason,name,date,why\nI18,1/2,Fine,A,2026-11-30,x\n", ["accept.csv, line 2: unknown column 'why'; known: rule, record, field, value, reason, name, date"], id="unknown column"),
        pytest.param(f"{HEADER}I18,1/2,,,{'x' * 301},A,2026-11-30\n", ["accept.csv, line 2: the reason has 301 characters; write it in 300 or fewer"], id="long"),
    ],
)  # fmt: skip
def test_each_fault_names_the_line_and_the_way_out(tmp_path, text, faults):
    (tmp_path / "accept.csv").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as raised:
        read_accepted(tmp_path)
    assert [fault.removeprefix(f"{tmp_path}/") for fault in raised.value.faults] == faults


def test_a_fault_of_the_file_is_told_by_check_and_nothing_is_published(site):
    (site.folder / "accept.csv").write_text(f"{HEADER}I18,,,,Fine,A,2026-11-30\n", encoding="utf-8")
    result = site.run("check", "--site", site.folder)
    assert result.exit_code == 2
    assert "accept.csv, line 2: no record" in result.stderr


def test_a_line_that_accepts_nothing_is_a_hint_of_check(site):
    site.publish_rows([article(1, dc_identifier_doi=""), article(2)])
    (site.folder / "accept.csv").write_text(
        f"{HEADER}missing-doi,10722/1,,,Never had one,A,2026-11-30\nmissing-doi,10722/2,,,Never had one,A,2026-11-30\n",
        encoding="utf-8",
    )
    result = site.run("check", "--site", site.folder)
    assert result.exit_code == 0
    hints = [line for line in result.output.splitlines() if "accept.csv" in line]
    assert hints == [
        f"Hint: {site.folder}/accept.csv: rule missing-doi has found nothing about 10722/2, so that there is nothing to accept; "
        "correct the line, or delete it if the record has been mended"
    ]


def test_names_stay_in_the_file_and_addresses_in_reasons_are_masked(tmp_path):
    line = "I18,HDL/1,,,Ask lu@example.org,Ann Lu,2026-11-30\n"
    (tmp_path / "accept.csv").write_text(f"# for the quality pages\n{HEADER}{line}\n", encoding="utf-8")
    (one,) = read_accepted(tmp_path)
    assert one.reason == "Ask [e-mail address withheld]"
    assert "Ann" not in repr(one)
