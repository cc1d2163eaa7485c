"""Someone at the playground's page, who does what a person can do there."""

import re
from collections.abc import Collection
from pathlib import Path

from PIL import Image
from playwright.sync_api import FilePayload, Locator, Page, expect

PATIENCE = 30_000
"""Milliseconds for anything to appear; a machine that runs other tests as well is slow."""
WIDTH, HEIGHT = 1280, 800
"""Of the page; a picture of a long form is higher."""
SETTLES = 500
"""Milliseconds until a page of another size is drawn."""


class Visitor:
    """One tab, in which one is anyone."""

    def __init__(self, page: Page, url: str, pictures: Path | None) -> None:
        """Open the page; with a folder for `pictures`, keep what is shown when asked to."""
        self._page = page
        self._pictures = pictures
        self._people = page.get_by_role("navigation", name="Who you are")
        self._places = page.get_by_role("navigation", name="Where you can go")
        self._surface = page.frame_locator("#surface")
        self.log = self._surface.get_by_role("log")
        page.set_default_timeout(PATIENCE)
        expect.set_options(timeout=PATIENCE)
        page.goto(url)

    def become(self, name: str) -> None:
        """Choose who to be."""
        self._people.get_by_role("button", name=re.compile(name)).first.click()
        expect(self._page.locator("#showing")).to_contain_text(name)
        self._wait()

    def go(self, place: str) -> None:
        """Choose where to be."""
        button = self._places.get_by_role("button", name=re.compile(place)).first
        button.click()
        expect(button).to_have_attribute("aria-current", "true")
        self._wait()

    def newly_asked(self, count: int, besides: Collection[str] = ()) -> list[str]:
        """Return the names of everyone else who has something new, once there are `count` of them `besides` some."""
        rows = self._unread()
        expect(rows).to_have_count(count + len(besides))
        return [name for name in rows.locator("strong").all_inner_texts() if name not in besides]

    def waited_for(self) -> list[str]:
        """Return the names of everyone else who has something new now."""
        return self._unread().locator("strong").all_inner_texts()

    def command(self, name: str) -> None:
        """Type a slash command, choose it from the list, and send it without its options."""
        box = self._box()
        box.click()
        box.press_sequentially(f"/{name}")
        self._surface.locator(".command-entry", has_text=f"/{name}").first.click()
        self._surface.get_by_role("button", name="Send", exact=True).click()

    @property
    def form(self) -> Locator:
        """The form that is open."""
        return self._surface.get_by_role("dialog")

    def attach(self, file: FilePayload) -> None:
        """Put a file into the form that is open, and wait until it is there."""
        self.form.locator("input[type=file]").set_input_files(file)
        expect(self.form).to_contain_text(file["name"])

    def submit(self) -> None:
        """Send the form that is open."""
        self.form.get_by_role("button", name="Submit").click()

    def press(self, label: str) -> None:
        """Press a message's button."""
        self.log.get_by_role("button", name=label, exact=True).last.click()

    def pick_first(self, placeholder: str) -> None:
        """Pick the first of what a message's select offers."""
        select = self.log.locator(".preview-select", has_text=placeholder).last
        select.click()
        select.get_by_role("option").first.click()

    def write(self, words: str) -> None:
        """Write a message and send it."""
        box = self._box()
        box.fill(words)
        box.press("Enter")

    def sees(self, words: str | re.Pattern[str]) -> None:
        """Wait until the conversation says this."""
        expect(self.log.get_by_text(words).last).to_be_visible()

    def follow_link(self) -> None:
        """Follow the last link in the conversation."""
        self.log.locator("a.mention").last.click()
        expect(self._page.locator("#showing")).to_contain_text("in a post in")
        self._wait()

    def keep_picture(self, name: str, height: int = HEIGHT) -> None:
        """Keep what is shown in 256 colours, which is what a picture in a README needs."""
        if self._pictures is not None:
            file = self._pictures / f"{name}.png"
            self._page.set_viewport_size({"width": WIDTH, "height": height})
            self._page.wait_for_timeout(SETTLES)
            self._page.screenshot(path=file)
            self._page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
            with Image.open(file) as picture:
                picture.convert("RGB").quantize(256).save(file, optimize=True)

    def _unread(self) -> Locator:
        return self._people.locator("button.is-unread:not([aria-current=true])")

    def _box(self) -> Locator:
        return self._surface.get_by_label("Message", exact=True)

    def _wait(self) -> None:
        """Wait until the conversation is there in its final size; before that, a click would be lost."""
        expect(self._page.locator("#status")).to_have_text("")
        expect(self._surface.locator("#preview-app")).to_have_attribute("aria-busy", "false")
        expect(self._surface.locator("#action-status")).to_have_text("Viewport updated")
