"""A model as the picture that goes with a link to it."""

from functools import lru_cache
from pathlib import Path

from common.numbers import write_number
from organisation.naming import province_on
from papers.pdf import Press
from portal.exports.photos import photo_bytes
from portal.selectors.models import ModelPage


@lru_cache(maxsize=1)
def _press() -> Press:
    return Press(Path(__file__).with_name("share.typ"))


def share_picture(page: ModelPage) -> bytes:
    """PNG, 1200 x 630."""
    row, measure = page.newest, page.series[-1] if page.series else None
    data = {
        "title": page.model.title,
        "province": province_on(row.registered_on or row.season.cutoff_on).name,
        "who": ", ".join(part for part in (row.subject, row.unit_name) if part),
        "field": row.field.name if row.field else "",
        "number": write_number(measure.quantity) if measure else "",
        "counted": f"{measure.what}, đến {measure.as_of:%m/%Y}" if measure else "",
        "honours": [words for _, words in page.honours[:2]],
        "demo": page.is_illustrative,
        "photo": photo_bytes(page.photos[0]) if page.photos else [],
        "caption": page.photos[0].caption if page.photos else "",
    }
    return _press().picture(data)
