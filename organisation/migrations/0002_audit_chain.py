import django.db.models.deletion
from django.db import migrations, models
from django.db.models.functions import Length
from django.db.models.lookups import Exact

from common.triggers import Statements, refuse_all
from organisation.digests import FIELDS, GENESIS, digest_of, hash_of

EVENT, LINK, PENDING = "organisation_auditevent", "organisation_auditlink", "organisation_auditpending"
MESSAGE = "the audit trail is only added to"
BATCH = 5000

# A link is made as the very last act of a transaction, so that its lock is held for the commit alone and nothing is waited for under
# it: foreign keys, too, are checked at the commit and may wait for rows that another transaction has locked. What a deferred trigger
# writes is looked at after everything else that was deferred; so an entry first becomes a row of PENDING, and that row a link.
# After the lock each statement sees what was committed before it (READ COMMITTED); were it not so, `number` would be taken twice.
POSTGRES = [
    f"CREATE UNLOGGED TABLE {PENDING} (event_id bigint PRIMARY KEY, digest varchar(64) NOT NULL)",
    f"""CREATE FUNCTION {EVENT}_pending() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        INSERT INTO {PENDING} VALUES (NEW.id, NEW.digest);
        RETURN NULL;
    END $$""",
    f"""CREATE FUNCTION {PENDING}_link() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE newest record; BEGIN
        PERFORM pg_advisory_xact_lock(hashtext('{LINK}'));
        SELECT number, hash INTO newest FROM {LINK} ORDER BY number DESC LIMIT 1;
        INSERT INTO {LINK} (number, event_id, hash) VALUES (
            coalesce(newest.number, 0) + 1,
            NEW.event_id,
            encode(sha256(convert_to(coalesce(newest.hash, '{GENESIS}') || NEW.digest, 'UTF8')), 'hex')
        );
        DELETE FROM {PENDING} WHERE event_id = NEW.event_id;
        RETURN NULL;
    END $$""",
    f"CREATE CONSTRAINT TRIGGER {EVENT}_pending AFTER INSERT ON {EVENT} DEFERRABLE INITIALLY DEFERRED "
    f"FOR EACH ROW EXECUTE FUNCTION {EVENT}_pending()",
    f"CREATE CONSTRAINT TRIGGER {PENDING}_link AFTER INSERT ON {PENDING} DEFERRABLE INITIALLY DEFERRED "
    f"FOR EACH ROW EXECUTE FUNCTION {PENDING}_link()",
]
POSTGRES_BACK = [
    f"DROP FUNCTION {EVENT}_pending() CASCADE",
    f"DROP TABLE {PENDING}",
    f"DROP FUNCTION {PENDING}_link()",
]
# A writing transaction is alone here. SHA256() is Django's: who writes past the portal cannot write entries.
SQLITE = [
    f"""CREATE TRIGGER {EVENT}_link AFTER INSERT ON {EVENT} FOR EACH ROW BEGIN
        INSERT INTO {LINK} (number, event_id, hash) SELECT coalesce(max(number), 0) + 1, NEW.id, SHA256(
            coalesce((SELECT hash FROM {LINK} ORDER BY number DESC LIMIT 1), '{GENESIS}') || NEW.digest
        ) FROM {LINK};
    END"""
]


def chain(apps, schema_editor):
    """Tie what was written before there was a chain, in the order of its moments."""
    events = apps.get_model("organisation", "AuditEvent").objects.order_by("at", "pk")
    links = apps.get_model("organisation", "AuditLink").objects
    number, newest, batch = 0, GENESIS, list(events.values("pk", *FIELDS)[:BATCH])
    while batch:
        digests = [(digest_of(entry), entry["pk"]) for entry in batch]
        made = []
        for digest, event_id in digests:
            number, newest = number + 1, hash_of(newest, digest)
            made.append(links.model(number=number, event_id=event_id, hash=newest))
        store(schema_editor.connection, digests)
        links.bulk_create(made)
        last = batch[-1]
        later = models.Q(at__gt=last["at"]) | models.Q(pk__gt=last["pk"])
        batch = list(events.filter(later, at__gte=last["at"]).values("pk", *FIELDS)[:BATCH])


def store(connection, digests):
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            given = "unnest(%s, %s) AS given (digest, id)"
            columns = [list(column) for column in zip(*digests, strict=True)]
            cursor.execute(f"UPDATE {EVENT} SET digest = given.digest FROM {given} WHERE {EVENT}.id = given.id", columns)
        else:
            cursor.executemany(f"UPDATE {EVENT} SET digest = %s WHERE id = %s", digests)


class Migration(migrations.Migration):
    """Each entry of the audit trail carries the hash of the one before; neither is ever changed or deleted."""

    dependencies = [("organisation", "0001_tables")]
    operations = [
        migrations.AlterField("auditevent", "at", models.DateTimeField(verbose_name="lúc")),
        migrations.AddField(
            "auditevent",
            "digest",
            models.CharField(default="", editable=False, max_length=64, verbose_name="mã nội dung"),
            preserve_default=False,
        ),
        migrations.CreateModel(
            name="AuditLink",
            fields=[
                ("number", models.PositiveBigIntegerField(primary_key=True, serialize=False, verbose_name="số")),
                (
                    "event",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="link",
                        to="organisation.auditevent",
                        verbose_name="nhật ký",
                    ),
                ),
                ("hash", models.CharField(max_length=64, verbose_name="mã")),
            ],
            options={
                "verbose_name": "mắt xích nhật ký",
                "verbose_name_plural": "mắt xích nhật ký",
                "ordering": ["number"],
                "constraints": [models.CheckConstraint(condition=models.Q(("number__gte", 1)), name="audit_link_from_one")],
            },
        ),
        migrations.RunPython(chain, migrations.RunPython.noop),  # before the foreign key of the links, which this migration adds last
        migrations.AddConstraint(
            "auditevent", models.CheckConstraint(condition=Exact(Length("digest"), 64), name="audit_has_digest")
        ),
        *refuse_all(EVENT, ["id"], MESSAGE),
        *refuse_all(LINK, ["number", "event_id"], MESSAGE),
        Statements("postgresql", POSTGRES, POSTGRES_BACK),
        Statements("sqlite", SQLITE, [f"DROP TRIGGER {EVENT}_link"]),
    ]
