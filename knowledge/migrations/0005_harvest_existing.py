from django.db import migrations

# What is public, or was, when harvesters are told for the first time.
TELL = """
    INSERT INTO knowledge_harvestrecord (report_number, changed_at, is_deleted)
    SELECT id, date_trunc('second', clock_timestamp()), status = 'retired'
    FROM knowledge_report
    WHERE status IN ('published', 'retired') OR (
        status = 'embargoed' AND embargoed_until <= (clock_timestamp() AT TIME ZONE 'UTC')::date
    )
    ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0004_harvest_record")]

    operations = [migrations.RunSQL(TELL, migrations.RunSQL.noop)]
