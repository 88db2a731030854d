"""The command that measures searches: it runs, tells its limits, and uses an index for everything."""

from pathlib import Path

from tests.submissions.measuring import measure


def test_searches_are_measured_and_no_kind_of_them_reads_a_table_from_end_to_end(
    tmp_path: Path,
) -> None:
    """The second time the library is the one that the first has made."""
    few: dict[str, int | Path] = {"reports": 80, "pages": 10, "data": tmp_path / "library"}
    for _time in range(2):
        lines = measure("bench_search", folder=tmp_path, **few)
        assert [line.split("  ")[0] for line in lines] == [
            "search in 80 reports x 10, p95",
            "tables read from end to end",
        ]
        assert all(line.endswith(" ok") for line in lines)
