"""What a text must be to mean something to machines."""

import re

_MAIL = re.compile(r"[A-Za-z0-9.+_-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_TELEPHONE = re.compile(r"\+[0-9]{7,15}")
_WEB = re.compile(r"https://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[!-~]*)?")


def contact_uri(text: str) -> str:
    """A way to reach somebody as security.txt writes it (RFC 9116, 2.5.3); empty for what is none."""
    bare = text.strip()
    if _MAIL.fullmatch(bare):
        return f"mailto:{bare}"
    telephone = re.sub(r"[ .()-]", "", bare)
    if _TELEPHONE.fullmatch(telephone):
        return f"tel:{telephone}"
    return bare if _WEB.fullmatch(bare) else ""
