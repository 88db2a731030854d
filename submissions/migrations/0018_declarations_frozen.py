import django.db.models.expressions
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import submissions.models.revision


class Migration(migrations.Migration):
    dependencies = [
        ("submissions", "0017_declarations_moved"),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name="revision",
            trigger=pgtrigger.compiler.Trigger(
                name="revision_is_frozen",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."submission_id" IS DISTINCT FROM (NEW."submission_id") OR OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."answers" IS DISTINCT FROM (NEW."answers") OR OLD."declaration" IS DISTINCT FROM (NEW."declaration") OR OLD."declared_at" IS DISTINCT FROM (NEW."declared_at") OR OLD."logo_name" IS DISTINCT FROM (NEW."logo_name") OR OLD."language" IS DISTINCT FROM (NEW."language") OR OLD."made_at" IS DISTINCT FROM (NEW."made_at"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="65d7f86f9834246d96cb052ebeb2bc7429795e6b",
                    operation="UPDATE",
                    pgid="pgtrigger_revision_is_frozen_82655",
                    table="submissions_revision",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="revision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("declaration", []), ("declared_at__isnull", True)),
                    models.Q(
                        models.Q(("declaration", []), _negated=True), ("declared_at__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="revision_declaration_has_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="revision",
            constraint=models.CheckConstraint(
                condition=django.db.models.expressions.NegatedExpression(
                    submissions.models.revision.HasLooseExplanation("declaration")
                ),
                name="revision_declaration_explained",
            ),
        ),
        migrations.DeleteModel(
            name="DeclarationAnswer",
        ),
    ]
