"""Indexes of inboxes: by kind, what is open by its limit, what ended too late by number."""

import django.db.models.functions.comparison
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0012_tally"),
        ("tenancy", "0012_traditional_pages"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["desk", "kind", "-id"], name="case_of_desk_kind"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["organisation", "kind", "-id"], name="case_of_organisation_kind"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                django.db.models.functions.comparison.Coalesce("due_at", "accept_due"),
                models.F("id"),
                condition=models.Q(("state__in", ("replied", "closed")), _negated=True),
                name="case_open_by_due",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("ended_at__gt", models.F("due_at")), ("state__in", ("replied", "closed"))),
                fields=["desk", "-id"],
                name="case_ended_late",
            ),
        ),
    ]
