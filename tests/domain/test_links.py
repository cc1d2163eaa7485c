"""A link is one for everyone, shows where it leads, and gives no password away."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.links import LONGEST_LINK, Link, clean_link
from bot.errors import HouseError, Invalid, LimitReached
from bot.texts import say
from bot.ui.written import block


@pytest.mark.parametrize(("written", "address", "host"), [
    ("https://arxiv.org/abs/1706.03762", "https://arxiv.org/abs/1706.03762", "arxiv.org"),
    (" <https://arxiv.org/abs/1706.03762> ", "https://arxiv.org/abs/1706.03762", "arxiv.org"),
    ("HTTPS://ArXiv.org/ABS/1", "https://arxiv.org/ABS/1", "arxiv.org"),
    ("http://example.org", "http://example.org", "example.org"),
    ("http://example.org.", "http://example.org", "example.org"),
    ("https://example.org:8443/a?b=c&d=%20#e", "https://example.org:8443/a?b=c&d=%20#e", "example.org"),
    ("https://example.org?", "https://example.org?", "example.org"),
    ("https://203.0.113.7/draft.pdf", "https://203.0.113.7/draft.pdf", "203.0.113.7"),
    ("https://medium.com/@ada/notes", "https://medium.com/@ada/notes", "medium.com"),
    ("https://müller.example/é", "https://xn--mller-kva.example/%C3%A9", "xn--mller-kva.example"),
    ("https://xn--mller-kva.example/", "https://xn--mller-kva.example/", "xn--mller-kva.example"),
    ("https://doi.org/10.1016/S0140-6736(20)1-5", "https://doi.org/10.1016/S0140-6736%2820%291-5", "doi.org"),
    ("https://example.org/a|b`c[d]", "https://example.org/a%7Cb%60c%5Bd%5D", "example.org"),
    ("https://good.example/\\evil.example", "https://good.example/%5Cevil.example", "good.example"),
])  # fmt: skip
def test_a_link_is_kept_as_it_leads(written: str, address: str, host: str) -> None:
    assert clean_link(written) == Link(address, host)
    assert clean_link(address) == Link(address, host)


@pytest.mark.parametrize("written", [
    "", " ", "arxiv.org/abs/1706.03762", "my draft", "ftp://example.org/a", "javascript:alert(1)", "data:text/html,a",
    "file:///etc/passwd", "https://", "https:///a", "https:example.org", "//example.org/a", "https://localhost/a",
    "https://draft", "https://[::1]/a", "https://[2001:db8::1/a", "https://example.org:0/", "https://example.org:99999/",
    "https://example.org:abc/", "https://exa mple.org", "https://example.org/a b", "https://example.org/a\nb",
    "https://example.org/\u202efdp.exe", "https://example.org/\u200b", "https://example.org/\x00", "https://-a.example",
    "https://faß.example", "https://ａ.example", "https://good.example\\.evil.example", "https://a..example",
    "https://example.org%2f.evil.example", "[a](https://example.org)", "https://example.org https://example.org",
    f"https://{'a' * 64}.example", f"https://{'a.' * 130}example", "https://exam_ple.org", "see https://example.org",
    "http://127.0.0.1/a", "http://127.0.0.1.", "http://10.0.0.8:8080/a", "http://172.16.3.4", "http://192.168.1.1/a",
    "http://169.254.169.254/latest", "http://100.64.0.1", "http://0.0.0.0", "http://255.255.255.255", "http://224.0.0.1",
    "http://999.1.1.1", "http://1.2.3.04", "http://127.1", "http://0x7f.0.0.1", "http://0177.0.0.1", "http://draft.123",
    "http://printer.local/a", "http://a.localhost", "http://localhost.localdomain", "http://nas.lan", "http://wiki.internal",
])  # fmt: skip
def test_what_is_no_link_for_everyone_is_refused(written: str) -> None:
    with pytest.raises(Invalid) as error:
        clean_link(written)
    assert error.value.key == "feedback.link_unreadable"
    assert say(error.value.key)


@pytest.mark.parametrize("written", [
    "https://ada:secret@example.org/a", "https://ada@example.org", "https://good.example\\@evil.example/",
    "https://@example.org/",
])  # fmt: skip
def test_a_name_or_a_password_is_given_to_no_one(written: str) -> None:
    with pytest.raises(Invalid) as error:
        clean_link(written)
    assert error.value.key == "feedback.link_password"
    assert say(error.value.key)


def test_a_link_has_an_end() -> None:
    whole = "https://example.org/".ljust(LONGEST_LINK, "a")
    assert clean_link(whole).address == whole
    for longer in (f"{whole}a", f"{whole[:-1]}é"):
        with pytest.raises(LimitReached) as error:
            clean_link(longer)
        assert "500" in say(error.value.key, **error.value.params)


PIECES = ["https://", "http://", "example.org", "münchen.example", "@", ":", "/", "?", "#", "\\", "(", "%2F", "|", "`"]


def link_or_refusal(written: str) -> Link | HouseError:
    """Return the link or the sentence it is refused with; any other exception fails the test."""
    try:
        return clean_link(written)
    except HouseError as refusal:
        return refusal


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=8).map("".join))
def test_any_text_is_a_link_that_is_shown_whole_or_refused(written: str) -> None:
    link = link_or_refusal(written)
    if isinstance(link, HouseError):
        assert say(link.key, **link.params)
        return
    assert re.fullmatch(r"https?://[!-~]+", link.address)
    assert clean_link(link.address) == link
    if re.search(r"[a-z0-9_\-/#&+=%]$", link.address, re.IGNORECASE):
        assert block(link.address, 1_000) == f"<{link.address}>"
