"""What the tables of the library hold about a person.

The library names authors of published works, as every library does. Who of the staff added a file
stands in the trail as well, and is told from there.
"""

from alliance.personal_data import Delete, Export, Table, about_nobody
from organizations.personal_data.rows import my_address

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
        "knowledge.IndexPage",
        "knowledge.IndexWord",
        "knowledge.IndexChange",
    ),
    # It leads to nobody: there is nothing to hand out, and nothing to find when somebody leaves.
    Table(model="knowledge.RecentDownload", kept="download", plain=frozenset({"key"})),
)
