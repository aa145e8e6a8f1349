from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('runs', '0004_last_heard_and_untold'),
    ]

    operations = [
        migrations.AddField(
            model_name='forecast',
            name='beyond',
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name='forecast',
            name='mean_left',
            field=models.FloatField(null=True),
        ),
    ]
