from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('runs', '0005_percentiles_beyond_what_was_seen'),
    ]

    operations = [
        migrations.AddField(
            model_name='forecast',
            name='said',
            field=models.CharField(max_length=20, null=True),
        ),
        migrations.AddField(
            model_name='forecast',
            name='done_by',
            field=models.CharField(max_length=10, null=True),
        ),
    ]
