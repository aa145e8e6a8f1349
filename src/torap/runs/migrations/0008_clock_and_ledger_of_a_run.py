from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('runs', '0007_whose_date_a_plot_has'),
    ]

    operations = [
        migrations.AddField(
            model_name='run',
            name='clock',
            field=models.CharField(max_length=10, null=True),
        ),
        migrations.AddField(
            model_name='run',
            name='read_seq',
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='run',
            name='read_hash',
            field=models.CharField(max_length=64, null=True),
        ),
    ]
