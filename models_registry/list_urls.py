"""The addresses of lists of units, and of people: alike."""

from django.urls import URLPattern, path

from models_registry.enums import ListOf
from models_registry.views import sent_lists as views


def _addresses(of: ListOf) -> list[URLPattern]:
    told = {"of": of.value}
    return [
        path("nap/", views.upload, told, name="upload"),
        path("nap/danh-sach.xlsx", views.template, told, name="list"),
        path("nap/<uuid:pk>/", views.review, told, name="review"),
        path("nap/<uuid:pk>/cot/", views.columns, told, name="columns"),
        path("nap/<uuid:pk>/bo/", views.discard, told, name="discard"),
    ]


units = (_addresses(ListOf.UNITS), "units")
undo = path("nap/<uuid:pk>/huy/", views.undo, {"of": ListOf.PEOPLE.value}, name="undo")
people = ([*_addresses(ListOf.PEOPLE), undo], "people")
