"""What was claimed stays claimed: corrections are new rows."""

from django.db import migrations

from torap.common.triggers import append_only


class Migration(migrations.Migration):
    dependencies = [("registry", "0001_initial")]

    operations = [append_only("registry_claim", "registry_moneyentry", "registry_utilityentry", "registry_calendaredit")]
