"""What the database itself tells of a change, so that no page of a report is kept beyond it."""

import pgtrigger


def tells_readers(*fields: str) -> pgtrigger.Trigger:
    """Leaves an `IndexChange` whenever a row changes in one of these fields, or in any.

    What is said of a report is written with its line of the index, which leaves one too; this is
    for what no action of ours wrote there, as the verdict of a scan.
    """
    return pgtrigger.Trigger(
        name="tells_readers",
        when=pgtrigger.After,
        operation=pgtrigger.Update,
        condition=pgtrigger.AnyChange(*fields),
        func="""
            INSERT INTO knowledge_indexchange (at) VALUES (clock_timestamp());
            RETURN NULL;
        """,
    )
