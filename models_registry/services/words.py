"""The words of the register, counted in the background, so that a typing error finds the word that was meant."""

from collections import Counter

from django.db import connection, transaction

from common.text import compare_key, spell_hamlets
from models_registry.models import Registration, SearchWord

LONGEST = 40
MOST = 200_000


@transaction.atomic
def count_words() -> int:
    """Recount the words that stand in the register; how many there are. Two at once count one after the other."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('models_registry.count_words'))")
    words: Counter[str] = Counter()
    rows = Registration.objects.in_register().order_by()
    for title, subject, unit, place in rows.values_list("title_key", "subject", "unit_name", "place_name").iterator(
        chunk_size=5000
    ):
        words.update(spell_hamlets(title).split())
        for other in (subject, unit, place):  # few and often the same: the folded form is remembered
            words.update(spell_hamlets(compare_key(other)).split())
    kept = [(word, total) for word, total in words.most_common(MOST) if len(word) <= LONGEST and not word.isdigit()]
    SearchWord.objects.all().delete()
    SearchWord.objects.bulk_create((SearchWord(word=word, total=total) for word, total in kept), batch_size=2000)
    return len(kept)
