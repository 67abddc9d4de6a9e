"""`migrate` renders a model that is new or changed alone, beside those that stand (common/management/commands/migrate.py)."""

from django.db import models
from django.db.migrations.state import ModelState, ProjectState

from common.management.commands.migrate import each_model_rendered_alone


def test_a_model_that_is_new_is_known_to_those_it_points_to() -> None:
    state = ProjectState()
    state.add_model(ModelState("common", "Home", [("id", models.AutoField(primary_key=True))]))
    home = state.apps.get_model("common", "Home")
    with each_model_rendered_alone():
        key = models.ForeignKey("common.Home", models.CASCADE, related_name="rooms")
        state.add_model(ModelState("common", "Room", [("id", models.AutoField(primary_key=True)), ("home", key)]))
    assert state.apps.get_model("common", "Home") is home
    assert [one.name for one in home._meta.related_objects] == ["rooms"]
    assert str(home.objects.filter(rooms__isnull=True).query)


def home_and_room() -> ProjectState:
    state = ProjectState()
    state.add_model(ModelState("common", "Home", [("id", models.AutoField(primary_key=True))]))
    key = models.ForeignKey("common.Home", models.CASCADE, related_name="rooms")
    state.add_model(ModelState("common", "Room", [("id", models.AutoField(primary_key=True)), ("home", key)]))
    assert state.apps
    return state


def test_a_model_that_grows_is_rendered_alone_and_code_of_a_migration_sees_all_of_it_from_everywhere() -> None:
    state = home_and_room()
    home, room = state.apps.get_model("common", "Home"), state.apps.get_model("common", "Room")
    with each_model_rendered_alone():
        state.add_field("common", "home", "name", models.CharField(default=""), preserve_default=True)
        unique = models.UniqueConstraint(fields=["name"], name="one_name")
        state.add_constraint("common", "home", unique)
    assert state.apps.get_model("common", "Room") is room
    grown = state.apps.get_model("common", "Home")
    assert [field.name for field in grown._meta.fields] == ["id", "name"] and grown._meta.constraints == [unique]
    assert [field.name for field in home._meta.fields] == ["id"], "what an operation finds as it was before stays so"
    state.clear_delayed_apps_cache()  # as `RunPython` does before its code runs
    room, home = state.apps.get_model("common", "Room"), state.apps.get_model("common", "Home")
    assert [one.related_model for one in home._meta.related_objects] == [room]
    assert str(room.objects.filter(home__name="").query)


def test_a_key_that_changes_renders_its_kin_anew() -> None:
    state = home_and_room()
    with each_model_rendered_alone():
        key = models.ForeignKey("common.Home", models.CASCADE, related_name="parts")
        state.alter_field("common", "room", "home", key, preserve_default=True)
    room, home = state.apps.get_model("common", "Room"), state.apps.get_model("common", "Home")
    assert [(one.name, one.related_model) for one in home._meta.related_objects] == [("parts", room)]
