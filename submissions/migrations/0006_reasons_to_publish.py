from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def let_reasons_publish(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """What is a reason to approve is one to publish; loading leaves terms alone that are there."""
    terms = apps.get_model("alliance", "Term").objects.filter(vocabulary="decision-reason")
    for term in terms.filter(code__in=["meets-criteria", "other"]):
        outcomes = term.data.get("outcomes", [])
        if "approve" in outcomes and "publish" not in outcomes:
            term.data["outcomes"] = [*outcomes, "publish"]
            term.save(update_fields=["data"])


class Migration(migrations.Migration):
    dependencies = [
        ("alliance", "0003_token_bucket"),
        ("submissions", "0005_declaration_keeps_its_time"),
    ]

    operations = [migrations.RunPython(let_reasons_publish, migrations.RunPython.noop)]
