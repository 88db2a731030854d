from itertools import groupby

from django.db import migrations


def move(apps, editor):
    """Put the answers of each revision into its own row."""
    revisions = apps.get_model("submissions", "Revision").objects
    answers = apps.get_model("submissions", "DeclarationAnswer").objects
    rows = answers.select_related("statement").order_by("revision_id", "id")
    for revision, found in groupby(rows.iterator(), key=lambda row: row.revision_id):
        given = list(found)
        revisions.filter(pk=revision).update(
            declaration=[
                {
                    "statement": row.statement.code,
                    "version": row.statement_version,
                    "wording": row.wording,
                    "language": row.language,
                    "answer": row.answer,
                    "explanation": row.explanation,
                }
                for row in given
            ],
            declared_at=given[0].answered_at,
            declared_by=given[0].answered_by,
        )


class Migration(migrations.Migration):
    dependencies = [
        ("submissions", "0016_declaration_with_revision"),
    ]

    operations = [
        migrations.RunPython(move, migrations.RunPython.noop),
    ]
