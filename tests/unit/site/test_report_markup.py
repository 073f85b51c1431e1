"""A report's Markdown is what its author meant, and never more than text."""

from __future__ import annotations

from html.parser import HTMLParser

from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup

from social_evidence.site.report_markup import Filled, with_slots, write

ALLOWED = {
    *("p", "h3", "ul", "ol", "li", "blockquote", "div", "table", "thead", "tbody"),
    *("tr", "th", "td", "strong", "em", "code", "a"),
}


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def html(text: str, *filled: Filled) -> str:
    return "".join(section.html for section in write(text, filled).sections)


def test_headings_part_the_text_and_have_ids_of_their_own() -> None:
    written = write("# Title\n\nFirst.\n\n## One\nA.\n## One\nB.\n### Under\nC.", [])
    assert (written.title, written.summary) == ("Title", "First.")
    assert [(one.title, one.id) for one in written.sections] == [
        ("", ""),
        ("One", "one"),
        ("One", "one-1"),
    ]
    assert "<h3>Under</h3>" in written.sections[2].html


def test_lists_quotations_and_tables_are_what_they_look_like() -> None:
    assert html("- a\n  more\n- b").count("<li>") == 2
    assert html("1. a\n2. b").startswith("<ol")
    assert "<blockquote" in html("> said\n> so")
    table = html("| A | B |\n|---|---|\n| x | 1 |\n| y |")
    assert table.count('<th scope="row">') == 2
    assert "<td></td>" in table


def test_emphasis_and_links_are_written_and_numbers_are_left_alone() -> None:
    assert html("**b** *e* `c` 2*3*4") == (
        '<p class="text"><strong>b</strong> <em>e</em> <code>c</code> 2<em>3</em>4</p>\n'
    )
    assert 'href="https://a.b/?x=1&amp;y=2"' in html("[n](https://a.b/?x=1&y=2)")


def test_a_link_to_anything_but_the_web_or_a_known_page_stays_text() -> None:
    for hostile in ("javascript:alert(1)", "data:text/html,x", "//a.b", "measure:unknown"):
        assert "<a " not in html(f"[n]({hostile})")
    known = write("[n](measure:m)", [], {"measure:m": "../m/index.html"})
    assert '<a href="../m/index.html">n</a>' in known.sections[0].html


def test_a_slot_holds_what_the_release_says() -> None:
    text = with_slots("A {{ m }} b\n\n{{ c }}", [(2, 9), (13, 20)])
    figure = Filled(Markup("<div>chart</div>"), "", is_block=True)
    told = html(text, Filled(Markup("<b>26%</b>"), "26%"), figure)
    assert told == '<p class="text">A <b>26%</b> b</p>\n<div>chart</div>'
    assert write(text, [Filled(Markup("<b>26%</b>"), "26%"), figure]).summary == "A 26% b"


def test_a_text_cannot_forge_a_slot() -> None:
    assert "26%" not in html(with_slots("\ue0010\ue002", []), Filled(Markup("26%"), "26%"))


@given(st.text("<>&\"'`*_[]()#|-\n abc:/javscript\u202e\ue001\ue0020", max_size=200))
@settings(max_examples=300, deadline=None)
def test_no_text_becomes_markup_that_this_module_does_not_write(text: str) -> None:
    tags = Tags()
    tags.feed(html(with_slots(text, [])))
    for tag, given_ in tags.found:
        assert tag in ALLOWED
        assert not any(name.startswith("on") or name in {"style", "src"} for name in given_)
        assert (given_.get("href") or "https://").startswith(("https://", "http://"))
