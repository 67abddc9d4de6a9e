from recognition.models.council import Assignment, CouncilMember, DeclaredConflict, Score, ScoreChange, ScoreSheet
from recognition.models.decisions import CentralIntroduction, Decision, Recognition
from recognition.models.dossiers import Dossier, DossierFile, DossierStep, PaperFlaw
from recognition.models.rounds import Band, CriteriaSet, Criterion, RecognitionRound, RoundExtension, UnitQuota

__all__ = [
    "Assignment",
    "Band",
    "CentralIntroduction",
    "CouncilMember",
    "CriteriaSet",
    "Criterion",
    "Decision",
    "DeclaredConflict",
    "Dossier",
    "DossierFile",
    "DossierStep",
    "PaperFlaw",
    "Recognition",
    "RecognitionRound",
    "RoundExtension",
    "Score",
    "ScoreChange",
    "ScoreSheet",
    "UnitQuota",
]
