"""Markdown as HTML that cannot run anything: the library's own rendering without raw HTML, then cleaned by a second library."""

import re
from functools import lru_cache

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

_TAGS = {"p", "h2", "h3", "h4", "ul", "ol", "li", "strong", "em", "a", "blockquote", "code", "pre", "hr", "br", "table"}
_TAGS |= {"thead", "tbody", "tr", "th", "td"}
_HEADING = re.compile(r"</?h([1-6])>")
_markdown = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable("table").disable("image")


@lru_cache(maxsize=256)
def render(text: str) -> SafeString:
    """Headings begin at the second level, whatever they begin with in the text: the page has its own first. A link leads over
    http(s), mail, telephone, or inside.
    """
    html = _markdown.render(text)
    first = min((int(match[1]) for match in _HEADING.finditer(html)), default=2)
    html = _HEADING.sub(lambda match: match[0].replace(match[1], str(min(int(match[1]) - first + 2, 4))), html)
    clean = nh3.clean(
        html, tags=_TAGS, attributes={"a": {"href"}}, url_schemes={"http", "https", "mailto", "tel"}, link_rel="nofollow noopener"
    )
    return mark_safe(clean)  # noqa: S308  cleaned just above  # nosec
