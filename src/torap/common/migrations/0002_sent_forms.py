"""Which forms were sent already, in a table that all servers share."""

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("common", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="SentForm",
            fields=[
                ("number", models.CharField(max_length=100, primary_key=True, serialize=False)),
                ("sent_at", models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
            ],
        ),
    ]
