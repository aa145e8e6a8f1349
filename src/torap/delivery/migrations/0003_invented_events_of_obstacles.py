"""An event of an obstacle may be invented, and then takes no real event's place.

The guard is taken off and put back: SQLite builds the table anew, and forgets its triggers.
"""

from django.db import migrations, models

from torap.common.triggers import append_only, changeable


class Migration(migrations.Migration):
    dependencies = [("delivery", "0002_append_only")]

    operations = [
        changeable("delivery_obstacleevent"),
        migrations.AddField("obstacleevent", "invented", models.BooleanField(default=False)),
        migrations.RemoveConstraint("obstacleevent", "rung_once"),
        migrations.AddConstraint(
            "obstacleevent",
            models.UniqueConstraint(fields=["obstacle", "type", "rung", "invented"], name="rung_once"),
        ),
        append_only("delivery_obstacleevent"),
    ]
