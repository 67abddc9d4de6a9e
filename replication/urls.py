from django.urls import path

from replication.views import adoptions, campaigns, learning, visits

app_name = "replication"
urlpatterns = [
    path("", campaigns.home, name="home"),
    path("mo/", campaigns.open_one, name="open"),
    path("ghi/", adoptions.record, name="record"),
    path("cham/", campaigns.late, name="late"),
    path("goi-y/", learning.suggestions, name="suggestions"),
    path("cach-lam/<slug:slug>/", learning.how_to, name="how-to"),
    path("tham-quan/", visits.home, name="visits"),
    path("tham-quan/lich.ics", visits.calendar, name="calendar"),
    path("tham-quan/xin/", visits.ask, name="ask-visit"),
    path("tham-quan/ghi/", visits.record, name="record-visit"),
    path("tham-quan/<id:pk>/", visits.visit, name="visit"),
    path("tham-quan/<id:pk>/lich.ics", visits.one_calendar, name="visit-calendar"),
    path("tham-quan/<id:pk>/anh/<uuid:photo>/", visits.photo, name="visit-photo"),
    path("noi/", adoptions.own, name="own"),
    path("noi/<id:pk>/", adoptions.adoption, name="adoption"),
    path("noi/<id:pk>/tep/<id:output>/", adoptions.evidence, name="evidence"),
    path("<id:pk>/", campaigns.campaign, name="campaign"),
    path("<id:pk>/sua/", campaigns.edit, name="edit"),
    path("<id:pk>/don-vi/", campaigns.targets, name="targets"),
    path("<id:pk>/van-ban/", campaigns.directive, name="directive"),
]
