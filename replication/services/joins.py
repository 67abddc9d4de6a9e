"""What a line knows against joining two models: it may neither run in a circle nor begin at two places."""

from django.db.models import Q

from common.text import quoted
from models_registry.models import EmulationModel
from models_registry.services import keeps_apart
from replication.models import Adoption, ReplicationCampaign


@keeps_apart
def line_keeps_apart(kept: EmulationModel, joined: EmulationModel) -> str:
    """Why two models cannot be one, as far as it was written who learned from whom; empty when nothing is against it."""
    behind = Adoption.objects.filter(registration__model__in=[kept, joined])
    if behind.filter(Q(origin=kept) | Q(origin=joined)).exists():
        return "Một trong hai mô hình được ghi là học theo mô hình kia, nên không thể là một. Xin xem lại đường nhân rộng trước."
    if Adoption.objects.filter(origin=joined).exists() or ReplicationCampaign.objects.filter(source=joined).exists():
        return (
            f"{quoted(joined)} đang là gốc của một đường nhân rộng hay chiến dịch: xin mở mô hình ấy rồi nhập mô hình này vào đó."
        )
    if behind.filter(registration__model=joined).exists() and (
        behind.filter(registration__model=kept).exists() or Adoption.objects.filter(origin=kept).exists()
    ):
        return "Hai mô hình đứng ở hai đường nhân rộng khác nhau. Xin xem lại ai học của ai trước."
    return ""
