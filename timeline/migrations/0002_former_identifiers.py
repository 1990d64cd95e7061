import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('timeline', '0001_squashed_0014_distinct_pair'),
    ]

    operations = [
        migrations.CreateModel(
            name='CompanionVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=8)),
                ('slug', models.SlugField(db_index=False, max_length=100)),
                ('said', models.TextField()),
            ],
            options={
                'indexes': [models.Index(fields=['kind', 'slug'], name='companion_version_slug')],
            },
        ),
        migrations.CreateModel(
            name='FormerIdentifier',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('external_id', models.CharField(max_length=150, verbose_name='identifier in the dataset')),
                ('event_id', models.PositiveBigIntegerField(verbose_name='number of the event')),
                ('dataset', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='former_identifiers', to='timeline.dataset')),
            ],
            options={
                'verbose_name': 'former identifier',
                'verbose_name_plural': 'former identifiers',
                'constraints': [models.UniqueConstraint(fields=('dataset', 'external_id'), name='former_identifier_once', violation_error_message='This identifier leads to an event already.')],
            },
        ),
    ]
