"""What search engines read of a page: schema.org, as JSON-LD."""

from typing import Any

from common.dates import today
from organisation.naming import province_on
from portal.selectors.models import ModelPage

SUMMARY = 200


def summary(page: ModelPage) -> str:
    """A model in a sentence or two, for those who only see a link to it."""
    row = page.newest
    text = page.model.outcome or page.model.why or row.content
    if not text:
        who = f"{row.subject}, " if row.subject else ""
        text = f"{who}{row.unit_name}. Lĩnh vực {row.field.name if row.field else ''}."
    text = " ".join(text.split())
    return text if len(text) <= SUMMARY else text[:SUMMARY].rsplit(" ", 1)[0] + " …"


def model_data(page: ModelPage, address: str, picture: str) -> dict[str, Any]:
    """A model as an Article about a place's work; the doer is an organisation: a person's name is not told to engines."""
    row = page.newest
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Article",
        "headline": page.model.title[:110],
        "description": summary(page),
        "url": address,
        "image": picture,
        "inLanguage": "vi",
        "articleSection": row.field.name if row.field else "",
        "datePublished": min(year.registered_on for year in page.years if year.registered_on).isoformat(),
        "author": {"@type": "Organization", "name": row.unit_name},
        "publisher": {"@type": "Organization", "name": province_on(today()).board},
        "contentLocation": {"@type": "Place", "name": ", ".join(part for part in (row.place_name, row.unit_name) if part)},
        "award": [f"{item['words']} {item['on'].year}" for item in page.decisions if not item.get("revoked")],
    }
    if page.place and page.place.latitude is not None and page.place.longitude is not None:
        geo = {"@type": "GeoCoordinates", "latitude": float(page.place.latitude), "longitude": float(page.place.longitude)}
        data["contentLocation"]["geo"] = geo
    return {name: value for name, value in data.items() if value}
