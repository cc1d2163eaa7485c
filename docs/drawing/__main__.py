"""`python -m docs.drawing`: draw every picture and table of the pages again."""

from bot.log import configure_logging
from docs.drawing.pages import drawn, pages

if __name__ == "__main__":
    configure_logging("WARNING", "text")
    for page in pages():
        page.write_text(drawn(page.read_text(encoding="utf-8")), encoding="utf-8")
