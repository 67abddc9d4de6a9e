"""Every write of the portal's own: stories, requests to correct, contacts, the booklet."""

from portal.services.booklets import ask_booklet, make_booklet, make_due_booklets
from portal.services.contacts import ContactText, remove_contact, write_contact
from portal.services.requests import answer_request, forget_contacts, send_request
from portal.services.stories import StoryMoved, StoryText, publish_story, take_back_story, write_story

__all__ = [
    "ContactText",
    "StoryMoved",
    "StoryText",
    "answer_request",
    "ask_booklet",
    "forget_contacts",
    "make_booklet",
    "make_due_booklets",
    "publish_story",
    "remove_contact",
    "send_request",
    "take_back_story",
    "write_contact",
    "write_story",
]
