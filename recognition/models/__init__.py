from recognition.models.certificates import Certificate, CertificateBatch, CertificateLayout
from recognition.models.commendations import Commendation, Conference, ConferenceEntry
from recognition.models.council import Assignment, CouncilMember, DeclaredConflict, Score, ScoreChange, ScoreSheet
from recognition.models.decisions import (
    Appeal,
    CentralIntroduction,
    Decision,
    DecisionDraft,
    DecisionFile,
    DraftLine,
    Recognition,
)
from recognition.models.dossiers import Dossier, DossierFile, DossierStep, PaperFlaw
from recognition.models.grades import Grade
from recognition.models.looks import LookedScore, SecondLook
from recognition.models.meetings import Attendance, BallotResult, Meeting, OpenVote, SecretBox, SecretCast
from recognition.models.outcome_lists import OutcomeList, OutcomeRow
from recognition.models.packets import Packet
from recognition.models.rounds import (
    Band,
    CriteriaSet,
    Criterion,
    CriterionGuide,
    RecognitionRound,
    RoundExtension,
    UnitQuota,
)
from recognition.models.steps import RoundReminder, RoundStep
from recognition.models.visits import SiteVisit, VisitCheck, VisitPhoto

__all__ = [
    "Appeal",
    "Assignment",
    "Attendance",
    "BallotResult",
    "Band",
    "CentralIntroduction",
    "Certificate",
    "CertificateBatch",
    "CertificateLayout",
    "Commendation",
    "Conference",
    "ConferenceEntry",
    "CouncilMember",
    "CriteriaSet",
    "Criterion",
    "CriterionGuide",
    "Decision",
    "DecisionDraft",
    "DecisionFile",
    "DeclaredConflict",
    "Dossier",
    "DossierFile",
    "DossierStep",
    "DraftLine",
    "Grade",
    "LookedScore",
    "Meeting",
    "OpenVote",
    "OutcomeList",
    "OutcomeRow",
    "Packet",
    "PaperFlaw",
    "Recognition",
    "RecognitionRound",
    "RoundExtension",
    "RoundReminder",
    "RoundStep",
    "Score",
    "ScoreChange",
    "ScoreSheet",
    "SecondLook",
    "SecretBox",
    "SecretCast",
    "SiteVisit",
    "UnitQuota",
    "VisitCheck",
    "VisitPhoto",
]
