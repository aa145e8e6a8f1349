"""The ledger refuses to be changed, in the database itself."""

from django.db import migrations

from torap.common.triggers import append_only


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]

    operations = [append_only("ledger_event")]
