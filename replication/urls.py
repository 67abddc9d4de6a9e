from django.urls import path

from replication.views import adoptions, campaigns

app_name = "replication"
urlpatterns = [
    path("", campaigns.home, name="home"),
    path("mo/", campaigns.open_one, name="open"),
    path("ghi/", adoptions.record, name="record"),
    path("noi/", adoptions.own, name="own"),
    path("noi/<id:pk>/", adoptions.adoption, name="adoption"),
    path("noi/<id:pk>/tep/<id:output>/", adoptions.evidence, name="evidence"),
    path("<id:pk>/", campaigns.campaign, name="campaign"),
    path("<id:pk>/sua/", campaigns.edit, name="edit"),
    path("<id:pk>/don-vi/", campaigns.targets, name="targets"),
    path("<id:pk>/van-ban/", campaigns.directive, name="directive"),
]
