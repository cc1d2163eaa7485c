"""The path of the README in one browser tab: a question, a draft and an hour, and the moderator's count."""

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

from bot.texts import say
from playground.community import Community, SampleFeedback, load
from tests.playground.visitor import HEIGHT, WIDTH, Visitor

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
        yield Visitor(browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}), url, pictures)
        browser.close()


@pytest.fixture
def community() -> Community:
    """The sample community."""
    return load()


def test_a_question_a_draft_and_an_hour_from_the_form_to_the_count(visitor: Visitor, community: Community) -> None:
    asker, moderator = (community.member(handle).name for handle in (community.example.asker, community.moderator))
    ask(visitor, asker, community)
    helpers = visitor.newly_asked(2)
    pass_on(visitor, helpers[0])
    answer(visitor, helpers[1], community)
    say_it_helped(visitor, asker)
    look_at_statistics(visitor, moderator)
    find_an_earlier_answer(visitor, community)
    readers = ask_for_feedback(visitor, community)
    for reader, feedback in zip(readers, community.draft.feedback, strict=True):
        read(visitor, reader, feedback, community.draft.about[:30])
    compare_notes(visitor, readers[0], community)
    say_what_became_of_it(visitor, readers[1], community)
    begin_next_round(visitor, readers[1], community)
    look_at_profile(visitor, readers[1])
    offer_time(visitor, helpers[1])
    book(visitor, asker, community)


def ask(visitor: Visitor, asker: str, community: Community) -> None:
    visitor.become(asker)
    visitor.go("general")
    visitor.command("ask")
    visitor.form.get_by_label(re.compile("^Your question")).fill(community.example.text)
    visitor.form.get_by_label(re.compile("^What I tried")).fill(community.example.tried)
    visitor.keep_picture("ask")
    visitor.submit()
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


def look_at_statistics(visitor: Visitor, moderator: str) -> None:
    visitor.become(moderator)
    visitor.go("general")
    visitor.command("stats")
    visitor.sees(re.compile(r"Overview.*asked", re.DOTALL))


def find_an_earlier_answer(visitor: Visitor, community: Community) -> None:
    visitor.become(community.member(community.again.asker).name)
    visitor.go("general")
    visitor.command("ask")
    visitor.form.get_by_label(re.compile("^Your question")).fill(community.again.text)
    visitor.submit()
    visitor.sees("People answered this question here before")
    visitor.keep_picture("similar")
    visitor.press("This answers it")
    visitor.sees("I didn't post your question")


def ask_for_feedback(visitor: Visitor, community: Community) -> list[str]:
    draft, busy = community.draft, visitor.waited_for()
    visitor.become(community.member(draft.author).name)
    visitor.go("general")
    visitor.command("feedback")
    about = visitor.form.get_by_label(re.compile("^Title and abstract"))
    about.fill(draft.about)
    about.press("Control+Home")
    visitor.keep_picture("feedback")
    visitor.form.get_by_label(re.compile("^What should readers answer")).fill(draft.questions)
    visitor.form.get_by_label(re.compile("^Needed by")).fill(draft.needed_by)
    visitor.attach(FilePayload(name=draft.file, mimeType="text/markdown", buffer=draft.text.encode()))
    visitor.submit()
    visitor.sees("This is what I understood")
    visitor.keep_picture("draft", height=1000)
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
    visitor.press("Send feedback")
    visitor.form.get_by_label(re.compile("^In one or two sentences")).fill(feedback.summary)
    visitor.form.get_by_label(re.compile("^What works well")).fill(feedback.strengths)
    visitor.form.get_by_label(re.compile("^Your answers")).fill(feedback.answers)
    visitor.submit()
    visitor.sees("Only you see this until you press")
    visitor.press("Add a point")
    visitor.form.get_by_label(re.compile("^Where")).fill(feedback.where)
    visitor.form.get_by_label(re.compile("^What did you notice")).fill(feedback.remark)
    visitor.form.get_by_label(re.compile("^You could")).fill(feedback.suggestion)
    visitor.keep_picture("point", height=900)
    visitor.submit()
    visitor.sees(feedback.remark)
    visitor.press("Send")
    visitor.sees("Your feedback has been sent")


def compare_notes(visitor: Visitor, first: str, community: Community) -> None:
    """The second reader, who is still there, proposes a time, and the first one agrees."""
    visitor.press("Read the feedback")
    visitor.sees(community.draft.feedback[0].remark)
    visitor.press("Compare notes for 15 minutes")
    visitor.form.get_by_label(re.compile("^When")).fill(community.draft.compare_at)
    visitor.submit()
    visitor.sees("I've asked the other readers")
    visitor.become(first)
    visitor.go(re.escape(community.draft.about[:30]))
    visitor.sees("would like to compare notes")
    visitor.keep_picture("compare", height=900)
    visitor.press("That suits me")
    visitor.sees("I'll say here when it's time")


def say_what_became_of_it(visitor: Visitor, reader: str, community: Community) -> None:
    feedback = community.draft.feedback[1]
    visitor.become(community.member(community.draft.author).name)
    visitor.sees("Did it help?")
    visitor.sees(feedback.remark)
    visitor.keep_picture("points", height=900)
    visitor.press("A word on point 1")
    visitor.form.get_by_label(re.compile("^A word about it")).fill(feedback.note)
    visitor.submit()
    visitor.sees("I'll tell your reader in about 15 minutes")
    visitor.press("Tell them")
    visitor.sees("I'm telling your reader")
    visitor.press("It helped")
    visitor.sees("Good to hear!")
    visitor.become(reader)
    visitor.sees("Here is what became of your points")
    visitor.keep_picture("became")


def begin_next_round(visitor: Visitor, reader: str, community: Community) -> None:
    draft = community.draft
    visitor.become(community.member(draft.author).name)
    visitor.go("general")
    visitor.command("mine")
    visitor.sees("Your drafts")
    visitor.pick_first("Choose one of your questions or drafts")
    visitor.press("A new version")
    visitor.form.get_by_label(re.compile("^What changed")).fill(draft.changes)
    visitor.form.get_by_label(re.compile("^Needed by")).fill(draft.round_by)
    visitor.attach(FilePayload(name=draft.round_file, mimeType="text/markdown", buffer=draft.round_text.encode()))
    visitor.submit()
    visitor.sees("I'm asking people to read it")
    # Asked for something today already, they may not be asked again; the thread is theirs all the same.
    visitor.become(reader)
    visitor.go(re.escape(draft.about[:30]))
    visitor.sees(draft.changes)
    visitor.keep_picture("round", height=1000)
    visitor.press("My open points")
    visitor.sees(say("feedback.carried.none"))


def look_at_profile(visitor: Visitor, reader: str) -> None:
    visitor.become(reader)
    visitor.go("general")
    visitor.command("profile")
    visitor.sees(re.compile("I may ask you to read one"))
    visitor.keep_picture("profile")


def offer_time(visitor: Visitor, host: str) -> None:
    visitor.become(host)
    visitor.go("general")
    visitor.command("offer-time")
    visitor.sees("You offer no hours yet")
    visitor.press("Offer time")
    visitor.form.get_by_label(re.compile("^When")).fill("Fri 18:00-19:00 weekly")
    visitor.submit()
    visitor.sees("This is what I understood")
    visitor.keep_picture("offer")
    visitor.press("Offer it")
    visitor.sees("Everyone can book from now on")


def book(visitor: Visitor, asker: str, community: Community) -> None:
    visitor.become(asker)
    visitor.go("general")
    visitor.command("book")
    visitor.form.get_by_label(re.compile("^Your question")).fill(community.example.text)
    visitor.submit()
    visitor.sees("Free slots for your question")
    visitor.keep_picture("book")
    visitor.pick_first("Pick a slot")
    visitor.sees("I'll remind you both")
