from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('runs', '0006_said_and_shown_of_a_forecast'),
    ]

    operations = [
        migrations.AddField(
            model_name='forecast',
            name='due_by',
            field=models.CharField(max_length=200, null=True),
        ),
    ]
