"""Targets are kept whole; what a field was before it changed is kept, and never changed itself."""

import django.utils.timezone
from django.db import migrations, models

from torap.common.triggers import append_only, changeable


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_append_only")]

    operations = [
        # SQLite makes a table anew to alter it, and the guards go with the old one.
        changeable("ledger_event"),
        migrations.AlterField(
            model_name="event",
            name="target",
            field=models.CharField(db_index=True, max_length=240),
        ),
        append_only("ledger_event"),
        migrations.CreateModel(
            name="Revision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("target", models.CharField(db_index=True, max_length=240)),
                ("field", models.CharField(max_length=40)),
                ("before", models.JSONField(null=True)),
                ("after", models.JSONField(null=True)),
                ("said_to", models.DateField(db_index=True)),
                ("recorded_at", models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                ("recorded_by", models.CharField(max_length=150)),
            ],
            options={"ordering": ["id"]},
        ),
        append_only("ledger_revision"),
    ]
