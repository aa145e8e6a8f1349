"""A run, its result and its forecasts are never edited."""

from django.db import migrations

from torap.common.triggers import append_only


class Migration(migrations.Migration):
    dependencies = [("runs", "0001_runs_forecasts_scenarios")]

    operations = [append_only("runs_run", "runs_runresult", "runs_forecast")]
