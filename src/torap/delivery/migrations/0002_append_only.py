"""What was promised stays promised: later promises are new rows."""

from django.db import migrations

from torap.common.triggers import append_only


class Migration(migrations.Migration):
    dependencies = [("delivery", "0001_initial")]

    operations = [append_only("delivery_promise", "delivery_statusreport", "delivery_instructionevent", "delivery_verification", "delivery_obstacleevent", "delivery_baseline")]
