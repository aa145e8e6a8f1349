from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('runs', '0003_share_of_outcomes_seen'),
    ]

    operations = [
        migrations.AddField(
            model_name='forecast',
            name='heard_on',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='forecast',
            name='untold',
            field=models.FloatField(null=True),
        ),
    ]
