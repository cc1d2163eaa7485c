"""The path of the README in one browser tab, from the question to the moderator's count."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, sync_playwright

from playground.community import Community, SampleFeedback, load
from tests.playground.visitor import Visitor

CHROMIUM = shutil.which("chromium")
ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "docs" / "pictures"
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.model,
    pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium on this machine"),
]


@pytest.fixture
def url() -> Iterator[str]:
    """Open the playground as a newcomer does, and close it with Ctrl-C."""
    command = [sys.executable, "-m", "playground", "--port", "0"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        yield address(process)
        process.send_signal(signal.SIGINT)
        rest, _ = process.communicate(timeout=30)
        assert process.returncode == 0, rest
    finally:
        process.kill()
        process.communicate()


def address(process: subprocess.Popen[str]) -> str:
    """Wait for the one address that the playground prints."""
    assert process.stdout is not None
    for line in process.stdout:
        if match := re.search(r"http://\S+", line):
            return match[0]
    pytest.fail("The playground ended before it printed its address.")


@pytest.fixture
def visitor(url: str) -> Iterator[Visitor]:
    """Someone at the page; with MORSEL_PICTURES=1 the pictures of the README are taken again."""
    pictures = PICTURES if os.environ.get("MORSEL_PICTURES") else None
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield Visitor(browser.new_page(viewport={"width": 1280, "height": 800}), url, pictures)
        browser.close()


@pytest.fixture
def community() -> Community:
    """The sample community."""
    return load()


def test_one_question_from_the_form_to_the_count(visitor: Visitor, community: Community) -> None:
    asker, moderator = (community.member(handle).name for handle in (community.example.asker, community.moderator))
    ask(visitor, asker, community)
    helpers = visitor.newly_asked(2)
    pass_on(visitor, helpers[0])
    answer(visitor, helpers[1], community)
    say_it_helped(visitor, asker)
    count(visitor, moderator)
    find_an_earlier_answer(visitor, community)
    readers = ask_for_feedback(visitor, community)
    for reader, feedback in zip(readers, community.draft.feedback, strict=True):
        read(visitor, reader, feedback, community.draft.about[:30])
    say_that_reading_helped(visitor, community)
    offer_time(visitor, helpers[1])
    book(visitor, asker, community)


def ask(visitor: Visitor, asker: str, community: Community) -> None:
    visitor.become(asker)
    visitor.go("general")
    visitor.command("ask")
    visitor.form.get_by_label(re.compile("^Your question")).fill(community.example.text)
    visitor.form.get_by_label(re.compile("^What I tried")).fill(community.example.tried)
    visitor.keep_picture("ask")
    visitor.form.get_by_role("button", name="Submit").click()
    visitor.sees("I asked 2 people")


def pass_on(visitor: Visitor, helper: str) -> None:
    visitor.become(helper)
    visitor.sees("I'm asking you because you wrote:")
    visitor.keep_picture("invitation")
    visitor.press("Why me?")
    visitor.sees("hardly anyone here is closer to the question than you")
    visitor.keep_picture("why")
    visitor.press("Pass")
    visitor.sees("I'll ask other people")


def answer(visitor: Visitor, helper: str, community: Community) -> None:
    visitor.become(helper)
    visitor.press("I'll take it")
    visitor.sees("Thank you!")
    visitor.follow_link()
    visitor.sees("will have a look")
    visitor.write(community.example.answer)
    visitor.sees(community.example.answer)


def say_it_helped(visitor: Visitor, asker: str) -> None:
    visitor.become(asker)
    visitor.sees("Someone answered your question")
    visitor.keep_picture("helped")
    visitor.press("It helped")
    visitor.sees("your question is settled")


def count(visitor: Visitor, moderator: str) -> None:
    visitor.become(moderator)
    visitor.go("general")
    visitor.command("stats")
    visitor.sees(re.compile(r"asked\s+13\b.*helped\s+9\b", re.DOTALL))
    visitor.keep_picture("stats")


def find_an_earlier_answer(visitor: Visitor, community: Community) -> None:
    visitor.become(community.member(community.again.asker).name)
    visitor.go("general")
    visitor.command("ask")
    visitor.form.get_by_label(re.compile("^Your question")).fill(community.again.text)
    visitor.form.get_by_role("button", name="Submit").click()
    visitor.sees("People answered this question here before")
    visitor.keep_picture("similar")
    visitor.press("This answers it")
    visitor.sees("I didn't post your question")


def ask_for_feedback(visitor: Visitor, community: Community) -> list[str]:
    draft, busy = community.draft, visitor.waited_for()
    visitor.become(community.member(draft.author).name)
    visitor.go("general")
    visitor.command("feedback")
    visitor.form.get_by_label(re.compile("^Title and abstract")).fill(draft.about)
    visitor.form.get_by_label(re.compile("^What should readers answer")).fill(draft.questions)
    visitor.form.get_by_label(re.compile("^Needed by")).fill(draft.needed_by)
    visitor.keep_picture("feedback")
    file = FilePayload(name=draft.file, mimeType="text/markdown", buffer=draft.text.encode())
    visitor.form.locator("input[type=file]").set_input_files(file)
    visitor.form.get_by_role("button", name="Submit").click()
    visitor.sees("This is what I understood")
    visitor.keep_picture("draft")
    visitor.press("Ask for feedback")
    visitor.sees("I asked 2 people who may read it")
    return visitor.newly_asked(2, [name for name in busy if name != community.member(draft.author).name])


def read(visitor: Visitor, reader: str, feedback: SampleFeedback, thread: str) -> None:
    visitor.become(reader)
    visitor.sees("has a draft you could give feedback on")
    visitor.keep_picture("reading")
    visitor.press("I'll take it")
    visitor.sees("A few lines are plenty")
    visitor.go(re.escape(thread))
    visitor.sees("How to give feedback here")
    visitor.write(feedback.summary)
    visitor.sees(feedback.summary)


def say_that_reading_helped(visitor: Visitor, community: Community) -> None:
    visitor.become(community.member(community.draft.author).name)
    visitor.sees("Did it help?")
    visitor.press("It helped")
    visitor.sees("Good to hear!")


def offer_time(visitor: Visitor, host: str) -> None:
    visitor.become(host)
    visitor.go("general")
    visitor.command("offer-time")
    visitor.sees("You offer no hours yet")
    visitor.press("Offer time")
    visitor.form.get_by_label(re.compile("^When")).fill("Fri 18:00-19:00 weekly")
    visitor.form.get_by_role("button", name="Submit").click()
    visitor.sees("This is what I understood")
    visitor.keep_picture("offer")
    visitor.press("Offer it")
    visitor.sees("Everyone can book from now on")


def book(visitor: Visitor, asker: str, community: Community) -> None:
    visitor.become(asker)
    visitor.go("general")
    visitor.command("book")
    visitor.form.get_by_label(re.compile("^Your question")).fill(community.example.text)
    visitor.form.get_by_role("button", name="Submit").click()
    visitor.sees("Free slots for your question")
    visitor.keep_picture("book")
    visitor.pick_first("Pick a slot")
    visitor.sees("I'll remind you both")
