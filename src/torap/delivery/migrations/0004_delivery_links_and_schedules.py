"""What waits for what, as said, and the schedules people hang below a milestone. Both are append-only."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from torap.common.triggers import append_only


class Migration(migrations.Migration):

    dependencies = [
        ('delivery', '0003_invented_events_of_obstacles'),
        ('registry', '0002_append_only'),
    ]

    operations = [
        migrations.CreateModel(
            name='AttachedSchedule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('recorded_at', models.DateTimeField(db_index=True, default=django.utils.timezone.now, editable=False, verbose_name='recorded at')),
                ('recorded_by', models.CharField(default='system', editable=False, max_length=150, verbose_name='recorded by')),
                ('said_from', models.DateField(verbose_name='said on, earliest')),
                ('said_to', models.DateField(db_index=True, verbose_name='said on, latest')),
                ('said_note', models.CharField(blank=True, default='', max_length=400, verbose_name='note on the date')),
                ('said_by', models.CharField(blank=True, default='', max_length=300, verbose_name='said by')),
                ('key', models.CharField(max_length=200, unique=True)),
                ('name', models.CharField(blank=True, default='', max_length=300, verbose_name='name')),
                ('format', models.CharField(max_length=20, verbose_name='format')),
                ('profile', models.CharField(max_length=20, verbose_name='convention')),
                ('data_date', models.DateField(blank=True, null=True, verbose_name='data date')),
                ('finish_activity', models.CharField(max_length=200, verbose_name='activity that stands for the milestone')),
                ('finish_name', models.CharField(blank=True, default='', max_length=400)),
                ('activities', models.PositiveIntegerField(verbose_name='activities')),
                ('losses', models.JSONField(blank=True, default=list)),
                ('assumed', models.JSONField(blank=True, default=dict)),
                ('content', models.JSONField()),
                ('content_sha256', models.CharField(max_length=64)),
                ('file', models.FileField(upload_to='schedules/%Y/', verbose_name='file')),
                ('file_name', models.CharField(max_length=255)),
                ('sha256', models.CharField(db_index=True, max_length=64, verbose_name='SHA-256 of the file')),
                ('invented', models.BooleanField(default=False)),
                ('given_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='schedules_given', to='registry.organisation')),
                ('milestone', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='schedules', to='delivery.milestone')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='DeliveryLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('recorded_at', models.DateTimeField(db_index=True, default=django.utils.timezone.now, editable=False, verbose_name='recorded at')),
                ('recorded_by', models.CharField(default='system', editable=False, max_length=150, verbose_name='recorded by')),
                ('said_from', models.DateField(verbose_name='said on, earliest')),
                ('said_to', models.DateField(db_index=True, verbose_name='said on, latest')),
                ('said_note', models.CharField(blank=True, default='', max_length=400, verbose_name='note on the date')),
                ('said_by', models.CharField(blank=True, default='', max_length=300, verbose_name='said by')),
                ('key', models.CharField(max_length=200, unique=True)),
                ('event', models.CharField(choices=[('added', 'added'), ('dropped', 'dropped')], max_length=8)),
                ('before', models.CharField(db_index=True, max_length=200, verbose_name='what comes first')),
                ('after', models.CharField(db_index=True, max_length=200, verbose_name='what waits for it')),
                ('type', models.CharField(choices=[('FS', 'starts after it is finished'), ('SS', 'starts after it has started'), ('FF', 'is finished after it is finished'), ('SF', 'is finished after it has started')], default='FS', max_length=2, verbose_name='type')),
                ('lag', models.IntegerField(default=0, verbose_name='lag in days')),
                ('lag_unit', models.CharField(choices=[('day', 'calendar days'), ('working_day', 'working days')], default='day', max_length=12, verbose_name='lag counted in')),
                ('why_en', models.TextField(blank=True, default='', verbose_name='why')),
                ('why_ru', models.TextField(blank=True, default='')),
                ('why_kk', models.TextField(blank=True, default='')),
                ('invented', models.BooleanField(default=False)),
                ('drops', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='dropped_by', to='delivery.deliverylink')),
                ('source', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='delivery_links', to='registry.source')),
            ],
            options={
                'abstract': False,
            },
        ),
        append_only("delivery_deliverylink", "delivery_attachedschedule"),
    ]
