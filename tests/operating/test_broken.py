"""With anything wrong in a setting or a database, every verb ends with a sentence and with 78."""

import os
import resource
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr, ValidationError

from bot.addresses import POSTGRESQL, SQLITE, known_database
from bot.settings import Settings
from bot.store.engine import create_engine
from bot.texts import say
from tests.conftest import sqlite_address
from tests.operating.machine import CONFIG, NOWHERE, OK, PASSWORD, Ended, Machine

VERBS = (
    ("run",), ("run", "--migrate"), ("check",), ("migrate",), ("erase", "123", "--yes"), ("why", "123"),
    ("backup", "copy.sqlite3"),
)  # fmt: skip
NEEDING_A_FILE = tuple(verb for verb in VERBS if "migrate" not in str(verb))
UNFORESEEN = say("operator.unforeseen")
NOBODY = 65_534
SMALL = 20_000
"""Bytes that no migrated database fits into."""

SETTINGS = (
    ("DISCORD_TOKEN", "abc\ndef.ghi"),
    ("DISCORD_TOKEN", "abc\rdef"),
    ("DISCORD_TOKEN", "abc def"),
    ("DISCORD_TOKEN", '"abc.def"'),
    ("DISCORD_TOKEN", "'abc.def'"),
    ("DISCORD_TOKEN", "'abc.def"),
    ("DISCORD_TOKEN", "Bot abc.def"),
    ("DISCORD_TOKEN", "abc\u200bdef"),
    ("DISCORD_TOKEN", "töken"),
    ("DATABASE_URL", f"{POSTGRESQL}morsel:{PASSWORD}@db:not-a-port/morsel"),
    ("DATABASE_URL", f"{POSTGRESQL}morsel:{PASSWORD}@db:/morsel"),
    ("DATABASE_URL", f"{POSTGRESQL}morsel:{PASSWORD}@db:0/morsel"),
    ("DATABASE_URL", f"{POSTGRESQL}morsel:{PASSWORD}@db:65536/morsel"),
    ("DATABASE_URL", f"{POSTGRESQL}morsel:{PASSWORD}@db:-1/morsel"),
    ("DATABASE_URL", f"{POSTGRESQL}morsel:{PASSWORD}@db:５４３２/morsel"),
    ("DATABASE_URL", f"{POSTGRESQL}morsel:{PASSWORD}@db"),
    ("DATABASE_URL", f"{POSTGRESQL}morsel:{PASSWORD}@db/"),
    ("DATABASE_URL", f"{POSTGRESQL}morsel:{PASSWORD}@db:5432"),
    ("DATABASE_URL", f"{POSTGRESQL}morsel:{PASSWORD}@::1/morsel"),
    ("DATABASE_URL", f"{POSTGRESQL}morsel:{PASSWORD}@fe80::1:5432/morsel"),
    ("DATABASE_URL", f"{POSTGRESQL}morsel:{PASSWORD}@[::zz]/morsel"),
    ("DATABASE_URL", f"{POSTGRESQL}morsel:{PASSWORD}@[::1/morsel"),
    ("DATABASE_URL", f"{POSTGRESQL}morsel:{PASSWORD}@word@db/morsel"),
    ("DATABASE_URL", f"{POSTGRESQL}morsel:{PASSWORD}@db/morsel?sslmode=sometimes"),
    ("DATABASE_URL", f"{POSTGRESQL}morsel:{PASSWORD}@db/morsel?ssl=true"),
    ("DATABASE_URL", f"{POSTGRESQL}morsel:{PASSWORD}@db/morsel?channel_binding=require"),
    ("DATABASE_URL", f"{POSTGRESQL}morsel:{PASSWORD}@db/morsel?prepared_statement_cache_size=some"),
    ("DATABASE_URL", f"postgres://morsel:{PASSWORD}@db/morsel"),
    ("DATABASE_URL", f"postgresql+psycopg://morsel:{PASSWORD}@db/morsel"),
    ("DATABASE_URL", f"mysql+aiomysql://morsel:{PASSWORD}@db/morsel"),
    ("DATABASE_URL", f"{POSTGRESQL}morsel:{PASSWORD}\n@db/morsel"),
    ("DATABASE_URL", "sqlite+aiosqlite://morsel.sqlite3"),
    ("DATABASE_URL", SQLITE),
    ("DATABASE_URL", f"{SQLITE}:memory:"),
    ("DATABASE_URL", f"{SQLITE}morsel.sqlite3?mode=ro"),
    ("DATABASE_URL", f"{SQLITE}file:morsel.sqlite3?mode=ro&uri=true"),
    ("DATABASE_URL", f'"{SQLITE}morsel.sqlite3"'),
    ("DATABASE_URL", f"{SQLITE}mor\nsel.sqlite3"),
    ("ENCODER_TIMEOUT", "nan"),
    ("SWEEP_SECONDS", "inf"),
    ("SWEEP_SECONDS", "30s"),
    ("LOG_LEVEL", "info"),
    ("LOG_FORMAT", "xml"),
    ("DISCORD_API_BASE", "https://discord.com/api/v9"),
    ("DISCORD_API_BASE", "http://127.0.0.1:port/api/v10"),
)  # fmt: skip


def a_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


def no_folder(file: Path) -> None:
    shutil.rmtree(file.parent)


def a_file_as_folder(file: Path) -> None:
    no_folder(file)
    file.parent.write_text("a file")


def a_device(file: Path) -> None:
    file.unlink()
    file.symlink_to("/dev/full")


def a_pipe(file: Path) -> None:
    file.unlink()
    os.mkfifo(file)


def a_circle(file: Path) -> None:
    file.unlink()
    file.symlink_to(file)


def notes(file: Path) -> None:
    file.write_text("not a database, but long enough to be taken for one at first sight" * 20)


def cut_short(file: Path) -> None:
    os.truncate(file, file.stat().st_size // 3)


def a_page_overwritten(file: Path) -> None:
    with file.open("r+b") as opened:
        opened.seek(4096)
        opened.write(b"\xfe" * 8192)


def another_programs(file: Path) -> None:
    file.unlink()
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("CREATE TABLE bookmark (title TEXT)")


def another_programs_with_alembic(file: Path) -> None:
    another_programs(file)
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("CREATE TABLE alembic_version (version_num TEXT)")
        connection.execute("INSERT INTO alembic_version VALUES ('abcdef')")


def a_newer_one(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")


BROKEN = (
    a_folder, no_folder, a_file_as_folder, a_device, a_pipe, a_circle, notes, cut_short, a_page_overwritten,
    another_programs, another_programs_with_alembic,
)  # fmt: skip


@pytest.fixture
def house(machine: Machine) -> Machine:
    """A machine with a token, whose database lies in a folder of its own, and from which Discord is out of reach."""
    folder = machine.folder / "rows"
    folder.mkdir()
    machine.database.rename(folder / "morsel.sqlite3")
    machine.set(DISCORD_TOKEN="a-token", DISCORD_API_BASE=NOWHERE, DATABASE_URL=sqlite_address(kept(machine)))
    return machine


def kept(machine: Machine) -> Path:
    return machine.folder / "rows" / "morsel.sqlite3"


def there(folder: Path) -> dict[str, bytes]:
    """Return everything under a folder, and what is in its files."""
    return {
        str(path): path.read_bytes() if path.is_file() and not path.is_symlink() else b""
        for path in sorted(folder.rglob("*"))
    }


def is_settled(ended: Ended) -> bool:
    """Tell whether a supervisor learns that starting again can't help, and an operator why."""
    return ended.exit_code == CONFIG and bool(ended.said.strip()) and UNFORESEEN not in ended.said


@pytest.mark.parametrize(("name", "value"), SETTINGS)
def test_a_setting_that_cant_work_is_named_and_not_quoted(house: Machine, name: str, value: str) -> None:
    house.set(**{name: value})

    for verb in VERBS:
        ended = house.run(*verb)
        assert is_settled(ended), ended
        assert f"{name} can't be used: " in ended.said
        assert value not in ended.said.replace(f"{SQLITE}, such as {SQLITE}morsel.sqlite3", "")


@pytest.mark.parametrize("breaks", BROKEN)
def test_a_database_that_cant_work_is_a_sentence(house: Machine, breaks: Callable[[Path], None]) -> None:
    breaks(kept(house))

    for verb in VERBS:
        before = there(house.folder)
        ended = house.run(*verb)
        assert is_settled(ended), (verb, ended)
        assert verb != ("check",) or there(house.folder) == before
    assert not (house.folder / "copy.sqlite3").exists()


def test_check_names_a_table_that_a_view_stands_for(house: Machine) -> None:
    with closing(sqlite3.connect(kept(house))) as connection, connection:
        connection.execute("ALTER TABLE done RENAME TO former")
        connection.execute("CREATE VIEW done AS SELECT * FROM former")

    ended = house.run("check")

    assert ended.exit_code == CONFIG
    assert say("operator.database_incomplete", kind="SQLite", tables="done") in ended.said


def test_a_database_of_a_newer_version_can_only_be_copied(house: Machine) -> None:
    a_newer_one(kept(house))

    for verb in VERBS[:-1]:
        ended = house.run(*verb)
        assert is_settled(ended), (verb, ended)
        assert say("error.newer_database") in ended.said
    assert house.run(*VERBS[-1]).exit_code == OK


@pytest.mark.parametrize("name", ["mistyped.sqlite3", "x" * 300])
def test_a_mistyped_name_makes_no_file(house: Machine, name: str) -> None:
    house.set(DATABASE_URL=sqlite_address(kept(house).with_name(name)))
    before = there(house.folder)

    for verb in NEEDING_A_FILE:
        assert is_settled(house.run(*verb)), verb
    assert there(house.folder) == before


@contextmanager
def somebody_elses(folder: Path) -> Iterator[None]:
    """Go on as a user who may read everything and write nothing."""
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    is_root = os.geteuid() == 0
    if is_root:
        for above in folder.parents[:3]:
            above.chmod(above.stat().st_mode | 0o055)
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if is_root:
            os.seteuid(0)
        for path in (folder, *folder.rglob("*")):
            path.chmod(0o700)


def test_a_folder_that_may_only_be_read(house: Machine) -> None:
    with somebody_elses(house.folder):
        for verb in VERBS:
            assert is_settled(ended := house.run(*verb)), (verb, ended)


@contextmanager
def no_room() -> Iterator[None]:
    """Let no file of this process grow, as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (SMALL, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("verb", [("run", "--migrate"), ("migrate",)])
def test_no_room_for_a_new_database(house: Machine, verb: tuple[str, ...]) -> None:
    kept(house).unlink()
    with no_room():
        ended = house.run(*verb)
    assert is_settled(ended), ended


def test_no_room_for_a_copy(house: Machine) -> None:
    with no_room():
        ended = house.run("backup", "copy.sqlite3")
    assert is_settled(ended), ended
    assert not list(house.folder.glob("copy*"))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("DISCORD_TOKNE", "DISCORD_TOKEN"),
        ("LOG_LEVLE", "LOG_LEVEL"),
        ("export DATABASE_ULR", "DATABASE_URL"),
        ("SWEEPSECONDS", "SWEEP_SECONDS"),
        ("TOKEN_DISCORD_TOKEN", "DISCORD_TOKEN"),
    ],
)
def test_a_misspelt_setting_is_named_with_the_one_that_is_meant(house: Machine, written: str, meant: str) -> None:
    (house.folder / ".env").write_text(f"# a comment\n{written}=abc\n")

    name = written.removeprefix("export ")
    assert say("operator.setting_misspelt", name=name, meant=meant) in house.run("check").said


def test_a_misspelt_setting_is_named_beside_one_that_cant_be_used(house: Machine) -> None:
    (house.folder / ".env").write_text("DISCORD_TOKNE=abc\nLOG_LEVEL=LOUD\n")

    said = house.run("check").said

    assert say("operator.setting_misspelt", name="DISCORD_TOKNE", meant="DISCORD_TOKEN") in said
    assert "LOG_LEVEL can't be used: Input should be 'DEBUG', 'INFO', 'WARNING' or 'ERROR'" in said


def test_an_unknown_setting_is_named_and_its_value_is_not(house: Machine) -> None:
    (house.folder / ".env").write_text(f"POSTGRES_PASSWORD={PASSWORD}\nMTExMjIy.token.without-a-name\n")

    ended = house.run("check")

    assert say("operator.setting_unknown", name="POSTGRES_PASSWORD") in ended.said
    assert "MTExMjIy" not in ended.said


def test_a_folder_in_the_place_of_the_settings_is_named(house: Machine) -> None:
    (house.folder / ".env").mkdir()

    ended = house.run("check")

    assert ended.exit_code == CONFIG
    assert say("operator.file_unread") in ended.said


def test_a_slip_in_the_environment_is_named_and_other_programs_are_left_alone(house: Machine) -> None:
    house.environment.delenv("DISCORD_TOKEN")
    house.set(DISCORD_TOKNE="abc", PATH_TO_NOWHERE="1")

    said = house.run("run").said

    assert say("operator.setting_misspelt", name="DISCORD_TOKNE", meant="DISCORD_TOKEN") in said
    assert say("operator.no_token") in said
    assert "PATH_TO_NOWHERE" not in said


@pytest.mark.parametrize("content", ["DISCORD_TOKEN=abc".encode("utf-16"), b"DISCORD_TOKEN=\xff\xfe\n"])
def test_a_file_of_settings_that_isnt_text(house: Machine, content: bytes) -> None:
    (house.folder / ".env").write_bytes(content)

    for verb in VERBS:
        assert is_settled(ended := house.run(*verb))
        assert say("operator.file_unread") in ended.said


def test_a_file_of_settings_from_a_windows_editor_is_read(house: Machine) -> None:
    (house.folder / ".env").write_bytes("\ufeffLOG_LEVEL=LOUD\r\n".encode())

    assert "LOG_LEVEL can't be used" in house.run("check").said


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("u:p@h/d?sslmode=require", "u:p@h/d?ssl=require"),
        ("u:p@h/d?sslmode=allow&passfile=f", "u:p@h/d?passfile=f&ssl=allow"),
        ("u:p@[::1]:5432/d", "u:p@[::1]:5432/d"),
        ("u:p%40q@h/d", "u:p%40q@h/d"),
        ("u:p@/d?host=/run/postgresql", "u:p@/d?host=%2Frun%2Fpostgresql"),
        ("", ""),
    ],
)  # fmt: skip
def test_an_address_that_can_work_is_kept(written: str, read: str) -> None:
    assert known_database(SecretStr(f" {POSTGRESQL}{written}\n")).get_secret_value() == POSTGRESQL + read


@settings(max_examples=300, deadline=None)
@example("h:5432/d?ssl=require&ssl=allow")
@given(st.text(st.sampled_from("abc:@/?#[]%=&1\n\u202e é")))
def test_any_address_is_either_read_or_refused_by_name(rest: str) -> None:
    """Never anything else: an address that passes leads SQLAlchemy to a driver's options."""
    for beginning in (POSTGRESQL, SQLITE):
        try:
            address = known_database(SecretStr(beginning + rest)).get_secret_value()
        except ValueError:
            continue
        engine = create_engine(address)
        _, options = engine.dialect.create_connect_args(engine.url)
        assert options.get("port") is None or 0 < options["port"] < 65_536


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(min_size=1))
def test_any_token_fits_into_a_header_or_is_refused(token: str) -> None:
    try:
        read = Settings(discord_token=SecretStr(token), _env_file=None).discord_token
    except ValidationError:
        return
    assert read is None or (read.get_secret_value().isascii() and read.get_secret_value().isprintable())
