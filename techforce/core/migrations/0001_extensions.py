from django.contrib.postgres.operations import BtreeGistExtension, TrigramExtension, UnaccentExtension
from django.db import migrations


class Migration(migrations.Migration):
    """PostgreSQL extensions; all are trusted, so the owner of the database may create them."""

    dependencies = []
    operations = [BtreeGistExtension(), TrigramExtension(), UnaccentExtension()]
