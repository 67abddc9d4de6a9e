from django.urls import path

from recognition.views import council, decisions, dossiers, meetings, rounds, scoring

app_name = "recognition"
urlpatterns = [
    path("dot-xet/", rounds.rounds, name="rounds"),
    path("dot-xet/mo/<int:year>/", rounds.open_one, name="open"),
    path("dot-xet/<id:pk>/", rounds.round_page, name="round"),
    path("dot-xet/<id:pk>/chuyen-buoc/", rounds.advance, name="advance"),
    path("dot-xet/<id:pk>/gia-han/", rounds.extensions, name="round-extensions"),
    path("dot-xet/<id:pk>/chi-tieu/", rounds.quotas, name="quotas"),
    path("dot-xet/<id:pk>/de-nghi/", dossiers.candidates, name="candidates"),
    path("dot-xet/<id:pk>/hoi-dong/", council.council, name="council"),
    path("dot-xet/<id:pk>/phan-cong/", council.assignments, name="assignments"),
    path("dot-xet/<id:pk>/cham/", scoring.mine, name="scoring"),
    path("dot-xet/<id:pk>/cham/<id:dossier>/", scoring.sheet, name="sheet"),
    path("dot-xet/<id:pk>/cham/<id:dossier>/luu/", scoring.save, name="sheet-save"),
    path("dot-xet/<id:pk>/diem/", scoring.standings, name="standings"),
    path("dot-xet/<id:pk>/diem/<id:dossier>/", meetings.official, name="official"),
    path("dot-xet/<id:pk>/vach/", meetings.cut, name="cut"),
    path("dot-xet/<id:pk>/hop/", meetings.meeting, name="meeting"),
    path("dot-xet/<id:pk>/bieu-quyet/", meetings.vote, name="vote"),
    path("dot-xet/<id:pk>/bien-ban/", meetings.minutes, name="minutes"),
    path("dot-xet/<id:pk>/quyet-dinh/", decisions.of_round, name="decisions"),
    path("du-thao/<id:pk>/", decisions.draft, name="draft"),
    path("du-thao/<id:pk>/ban-word/", decisions.draft_word, name="draft-word"),
    path("quyet-dinh/<id:pk>/", decisions.decision, name="decision"),
    path("quyet-dinh/<id:pk>/tep/<uuid:file>/", decisions.hand_out, name="decision-file"),
    path("ho-so/<id:pk>/kien-nghi/", decisions.appeal, name="appeal"),
    path("dot-xet/<id:pk>/phieu/<id:sheet>/mo-lai/", scoring.reopen, name="sheet-reopen"),
    path("ho-so/<id:pk>/", dossiers.dossier, name="dossier"),
    path("ho-so/<id:pk>/giay-to/", dossiers.add_paper, name="paper"),
    path("ho-so/<id:pk>/buoc/", dossiers.change, name="dossier-change"),
    path("ho-so/<id:pk>/tep/<uuid:file>/", dossiers.hand_out, name="paper-file"),
    path("tieu-chi/", rounds.criteria, name="criteria"),
]
