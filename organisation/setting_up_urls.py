from django.urls import path

from organisation import setting_up_views as views

app_name = "setting-up"
urlpatterns = [
    path("", views.home, name="home"),
    path("cap/", views.levels, name="levels"),
    path("tai-khoan/", views.account, name="account"),
]
