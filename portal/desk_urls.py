from django.urls import path

from portal.views import desk

app_name = "desk"
urlpatterns = [
    path("", desk.home, name="home"),
    path("bai/moi/", desk.write, name="new-story"),
    path("bai/<id:story>/", desk.write, name="story"),
    path("yeu-cau/", desk.requests, name="requests"),
    path("yeu-cau/<id:ask>/", desk.answer, name="request"),
    path("so-tay/<int:year>/", desk.booklet, name="booklet"),
    path("lien-he/<unit:key>/", desk.contact, name="contact"),
]
