"""What the tables of the library hold about a person.

The library names authors of published works, as every library does. Who of the staff added a file
stands in the trail as well, and is told from there.
"""

from django.db.models import Q

from alliance.files.keeping import drop_with_files
from alliance.personal_data import Delete, Export, Person, Table, Undo, about_nobody
from knowledge.models import ReportExport
from organizations.personal_data.rows import my_address


def _drop_report_exports(person: Person) -> None:
    drop_with_files(ReportExport.objects.filter(asked_by=person.pk))


TABLES = (
    Table(
        model="knowledge.Alert",
        kept="alert",
        export=Export(
            "alerts",
            my_address,
            {
                "email": "email",
                "search": "search",
                "how_often": "frequency",
                "asked_for": "asked_at",
                "confirmed": "confirmed_at",
                "ended": "ended_at",
            },
        ),
        on_erasure=(Delete(my_address),),
    ),
    *about_nobody(
        "knowledge.Report",
        "knowledge.ReportAuthor",
        "knowledge.Edition",
        "knowledge.EditionFile",
        "knowledge.Page",
        "knowledge.Appearance",
        "knowledge.HarvestRecord",
        "knowledge.IndexEntry",
        "knowledge.IndexPart",
        "knowledge.IndexWord",
        "knowledge.IndexChange",
        # What stands in a sent table, for a day: the reports' own words.
        "knowledge.TableImport",
    ),
    Table(
        model="knowledge.ReportExport",
        kept="report-export",
        export=Export(
            "reports_taken_out",
            lambda person: Q(asked_by=person.pk),
            {"format": "format", "asked_for": "asked_at", "made": "made_at", "reports": "done"},
        ),
        on_erasure=(Undo(_drop_report_exports),),
        plain=frozenset({"report_ids", "format", "file", "problems"}),
    ),
    # It leads to nobody: there is nothing to hand out, and nothing to find when somebody leaves.
    Table(model="knowledge.RecentDownload", kept="download", plain=frozenset({"key"})),
)
