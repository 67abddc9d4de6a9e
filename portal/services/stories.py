"""News, stories and guides: written, published from a day on, taken back."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from common.exceptions import DomainError, NotAllowed
from common.text import clean, clean_lines, fold
from models_registry.models import EmulationModel
from models_registry.selectors import models_visible_to
from organisation.audit import record
from organisation.models import User
from portal.audit_actions import AuditAction
from portal.enums import StoryKind
from portal.models import Story
from portal.permissions import can_keep

LONGEST_SLUG = 110


class StoryMoved(DomainError):
    """Somebody else saved the story meanwhile; `story` is as they left it."""

    def __init__(self, story: Story) -> None:
        super().__init__("Người khác vừa lưu bài này. Chữ của đồng chí còn nguyên ở dưới; bài của người ấy ở bên cạnh.")
        self.story = story


@dataclass(frozen=True)
class StoryText:
    """A story as it is written; `revision`: the one that the page had shown, 0 for a new story."""

    kind: str
    title: str
    summary: str
    body: str
    about: Collection[EmulationModel] = ()
    revision: int = 0


@transaction.atomic
def write_story(*, story_id: int | None, text: StoryText, actor: User) -> Story:
    """Write a new story (`story_id` None), or change one as it stood at the text's revision. A story keeps its address for good.

    Raises NotAllowed, StoryMoved, DomainError.
    """
    _check_keeps(actor)
    story = Story.objects.select_for_update().get(pk=story_id) if story_id else Story(written_by=actor)
    if story_id and story.revision != text.revision:
        raise StoryMoved(story)
    texts = {"title": clean(text.title)[:200], "summary": clean(text.summary)[:400], "body": clean_lines(text.body)}
    if text.kind not in StoryKind.values or not all(texts.values()):
        raise DomainError("Bài cần loại, tên, tóm tắt và nội dung.")
    models = list(models_visible_to(actor).filter(pk__in=[model.pk for model in text.about]))
    changes = {
        name: [getattr(story, name), new] for name, new in (texts | {"kind": text.kind}).items() if getattr(story, name) != new
    }
    for name, (_, new) in changes.items():
        setattr(story, name, new)
    story.slug = story.slug or _free_slug(story.title)
    story.revision += 1
    story.save()
    story.about.set(models)
    told = {name: change for name, change in changes.items() if name != "body"} if story_id else {}
    record(actor=actor, action=AuditAction.CHANGE_STORY if story_id else AuditAction.WRITE_STORY, target=story, changes=told)
    return story


def _free_slug(title: str) -> str:
    base = "-".join(fold(title).split())[:LONGEST_SLUG].strip("-") or "bai"
    taken = set(Story.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return next(slug for number in range(1, len(taken) + 2) if (slug := base if number == 1 else f"{base}-{number}") not in taken)


@transaction.atomic
def publish_story(*, story_id: int, on: date, actor: User) -> Story:
    """Public from a day on; a later day makes it wait."""
    _check_keeps(actor)
    story = Story.objects.select_for_update().get(pk=story_id)
    story.published_on = on
    story.save(update_fields=["published_on", "changed_at"])
    record(actor=actor, action=AuditAction.PUBLISH_STORY, target=story, note=f"{on:%d/%m/%Y}")
    return story


@transaction.atomic
def take_back_story(*, story_id: int, actor: User) -> Story:
    """A draft again; its address waits for it."""
    _check_keeps(actor)
    story = Story.objects.select_for_update().get(pk=story_id)
    story.published_on = None
    story.save(update_fields=["published_on", "changed_at"])
    record(actor=actor, action=AuditAction.TAKE_BACK_STORY, target=story)
    return story


def _check_keeps(actor: User) -> None:
    if not can_keep(actor):
        raise NotAllowed("Vai trò của đồng chí không viết bài trên cổng.")
