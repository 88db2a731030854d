from django.db import migrations


class Migration(migrations.Migration):
    """How PostgreSQL looks at all words of a report: not at all, unless somebody asks.

    To count how usual they are it would unpack those of 30,000 reports, each time that a tenth of
    the library has changed; and no question leaves it a choice for which it had to know.
    """

    dependencies = [("knowledge", "0005_parts_of_the_index")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE knowledge_indexentry ALTER everything SET STATISTICS 0",
            "ALTER TABLE knowledge_indexentry ALTER everything SET STATISTICS DEFAULT",
        ),
    ]
