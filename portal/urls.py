from django.contrib.auth.decorators import login_not_required
from django.urls import path

from portal import feeds
from portal.views import asks, data, figures, machines, maps, models, pages, proofs, spread, stories, units

app_name = "portal"
urlpatterns = [
    path("", pages.home, name="home"),
    path("mo-hinh/", pages.catalogue, name="catalogue"),
    path("tim/", pages.suggest, name="suggest"),
    path("mo-hinh/<slug:slug>/", models.model, name="model"),
    path("mo-hinh/<slug:slug>/chia-se.png", models.picture, name="share-picture"),
    path("mo-hinh/<slug:slug>/lan-toa/", spread.line, name="line"),
    path("mo-hinh/<slug:slug>/cach-lam/", spread.how_to, name="how-to"),
    path("mo-hinh/<slug:slug>/cach-lam.pdf", spread.how_to_pdf, name="how-to-pdf"),
    path("don-vi/", units.index, name="units"),
    path("don-vi/<unit:key>/", units.unit, name="unit"),
    path("nhan-rong/", spread.lines, name="lines"),
    path("xac-minh/", proofs.verify_any, name="verify-any"),
    path("xac-minh/<slug:code>/", proofs.verify, name="verify"),
    path("so-lieu/", figures.figures, name="figures"),
    path("so-lieu/danh-sach/", figures.figure_list, name="figure-list"),
    path("ban-do/", maps.whole, name="map"),
    path("bai-viet/", stories.index, name="stories"),
    path("bai-viet/<slug:slug>/", stories.story, name="story"),
    path("so-tay/", stories.booklet_index, name="booklets"),
    path("so-tay/<int:year>.pdf", stories.booklet, name="booklet"),
    path("yeu-cau-sua/", asks.ask, name="ask"),
    path("yeu-cau-sua/<slug:code>/", asks.asked, name="asked"),
    path("ngon-ngu/<slug:code>/", asks.language, name="language"),
    path("du-lieu-mo/", data.open_data, name="open-data"),
    path("du-lieu-mo/<int:year>/<slug:what>.<slug:form>", data.download, name="download"),
    path("feed/", login_not_required(feeds.Registrations()), name="feed"),
    path("feed/cong-nhan/", login_not_required(feeds.Recognised()), name="feed-recognised"),
    path("feed/don-vi/<unit:key>/", login_not_required(feeds.OfUnit()), name="feed-unit"),
    path("robots.txt", machines.robots, name="robots"),
    path(".well-known/security.txt", machines.security_txt, name="security-txt"),
    path("bao-mat/", machines.security, name="security"),
    path("healthz", machines.healthz, name="healthz"),
    path("readyz", machines.readyz, name="readyz"),
]
