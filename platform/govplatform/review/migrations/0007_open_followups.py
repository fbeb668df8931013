"""What waits to be looked at again is found without what was looked at."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("review", "0006_rescans"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="afterreview",
            index=models.Index(condition=models.Q(("verdict", "")), fields=["due_at"], name="after_review_open"),
        ),
        migrations.AddIndex(
            model_name="withdrawal",
            index=models.Index(
                condition=models.Q(("break_glass", True)), fields=["withdrawn_at"], name="withdrawal_at_once"
            ),
        ),
    ]
