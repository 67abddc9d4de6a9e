"""`migrate` renders a new model once, beside those that stand (common/management/commands/migrate.py)."""

from django.db import models
from django.db.migrations.state import ModelState, ProjectState

from common.management.commands.migrate import each_model_rendered_once


def test_a_model_that_is_new_is_known_to_those_it_points_to() -> None:
    state = ProjectState()
    state.add_model(ModelState("common", "Home", [("id", models.AutoField(primary_key=True))]))
    home = state.apps.get_model("common", "Home")
    with each_model_rendered_once():
        key = models.ForeignKey("common.Home", models.CASCADE, related_name="rooms")
        state.add_model(ModelState("common", "Room", [("id", models.AutoField(primary_key=True)), ("home", key)]))
    assert state.apps.get_model("common", "Home") is home
    assert [one.name for one in home._meta.related_objects] == ["rooms"]
    assert str(home.objects.filter(rooms__isnull=True).query)


def test_a_model_that_changes_is_rendered_anew_with_its_kin() -> None:
    state = ProjectState()
    state.add_model(ModelState("common", "Home", [("id", models.AutoField(primary_key=True))]))
    key = models.ForeignKey("common.Home", models.CASCADE, related_name="rooms")
    state.add_model(ModelState("common", "Room", [("id", models.AutoField(primary_key=True)), ("home", key)]))
    assert state.apps
    with each_model_rendered_once():
        state.add_field("common", "room", "floor", models.IntegerField(default=0), preserve_default=True)
    room, home = state.apps.get_model("common", "Room"), state.apps.get_model("common", "Home")
    assert [field.name for field in room._meta.get_fields()] == ["id", "home", "floor"]
    assert [one.related_model for one in home._meta.related_objects] == [room]
