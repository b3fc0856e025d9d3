"""What a reader sees of a comment's text."""

from html.parser import HTMLParser

from appliance.types import CommentId


def comment_of(html: str, comment_id: CommentId) -> str:
    """All that stands about one comment."""
    return html[html.index(f'id="comment-{comment_id}"') :].split("</article>", maxsplit=1)[0]


class Said(HTMLParser):
    """The first text in some HTML, and the words in it that are marked."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text = ""
        self.unsure: list[str] = []
        self.elements: set[str] = set()
        self.attributes: dict[str, str | None] = {}
        self._is_inside = self._is_marked = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._is_inside:
            self.elements.add(tag)
            self._is_marked = True
            self.unsure.append("")
        elif not self.attributes and ("class", "said") in attrs:
            self._is_inside = True
            self.attributes = dict(attrs)

    def handle_endtag(self, tag: str) -> None:
        self._is_marked = False
        if tag == "p":
            self._is_inside = False

    def handle_data(self, data: str) -> None:
        if self._is_inside:
            self.text += data
        if self._is_inside and self._is_marked:
            self.unsure[-1] += data
