from django.db import migrations


class Migration(migrations.Migration):
    """How PostgreSQL lays down the rows: what is read of many reports at once stays narrow."""

    dependencies = [("knowledge", "0001_initial")]

    operations = [
        # Words and cards apart from the columns that are read of every report with a common word.
        migrations.RunSQL(
            "ALTER TABLE knowledge_indexentry SET (toast_tuple_target = 256)",
            "ALTER TABLE knowledge_indexentry RESET (toast_tuple_target)",
        ),
        # Pages as they are: to unpack them takes longer than to read them.
        migrations.RunSQL(
            "ALTER TABLE knowledge_indexpage SET (toast_tuple_target = 8160)",
            "ALTER TABLE knowledge_indexpage RESET (toast_tuple_target)",
        ),
    ]
