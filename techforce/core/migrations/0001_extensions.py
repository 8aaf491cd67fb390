from django.contrib.postgres.operations import BtreeGistExtension, TrigramExtension, UnaccentExtension
from django.db import migrations


class Migration(migrations.Migration):
    """PostgreSQL extensions; all are trusted, so the owner of the database may create them."""

    dependencies = []
    run_before = [("accounts", "0001_initial")]  # every later app comes after accounts
    operations = [BtreeGistExtension(), TrigramExtension(), UnaccentExtension()]
