"""A small made-up panel: researchers of several fields, and how expert they call themselves on papers they have read.

No one here exists, and none of these papers was written.
"""

from pathlib import Path

from tests.evaluation.communities import write

Record = dict[str, object]

PAST = {
    "lindiwe": {
        "l1": ("Tone marks in speech recognition for Bantu languages",
               "We train speech recognition on forty hours of radio and show that tone marks halve its errors."),
        "l2": ("Radio archives as training data for spoken Sesotho",
               "Transcripts of radio news give speech recognition a start where no corpus exists."),
        "l3": ("Code-switching between isiZulu and English in call centres",
               "Speakers change language within a sentence; our acoustic model follows them."),
    },
    "tomas": {
        "t1": ("Posterior collapse in variational autoencoders with discrete latents",
               "We bound the gap of variational inference, and anneal the prior so that latents stay in use."),
        "t2": ("Stochastic gradient Langevin sampling with control variates",
               "Control variates lower the variance of gradients in Bayesian posterior sampling."),
        "t3": ("Calibrated uncertainty from deep ensembles of small networks",
               "Ensembles give calibrated posterior uncertainty at the price of one large network."),
    },
    "farida": {
        "f1": ("Maize yields from satellite images in the Sahel",
               "A time series of satellite images predicts maize yields of smallholder fields six weeks ahead."),
        "f2": ("Mapping irrigation canals by remote sensing",
               "Remote sensing at ten metres finds irrigation canals that no map shows."),
        "f3": ("Soil moisture and drought from radar satellites",
               "Radar satellites see soil moisture through clouds and warn of drought in fields."),
    },
    "joon": {
        "j1": ("Grasping soft fruit with tactile robot fingers",
               "A robot hand with tactile skin picks strawberries and bruises one of two hundred."),
        "j2": ("Reinforcement learning of door opening for mobile robots",
               "A robot arm learns to open doors by reinforcement learning in a simulator, then in an office."),
        "j3": ("Tactile sensing for cable routing by a robot arm",
               "The robot arm follows a cable by touch alone."),
    },
}  # fmt: skip
"""Title and abstract of each researcher's past papers."""

READ = {
    "p1": ("Speech recognition for tonal Bantu languages from little data",
           "Radio transcripts and tone marks help speech recognition of tonal languages."),
    "p2": ("Language models that switch between Swahili and English",
           "We adapt a language model to speakers who change language within a sentence."),
    "p3": ("Bayesian posterior sampling by stochastic gradients",
           "We lower the variance of gradients in Langevin sampling of a Bayesian posterior."),
    "p4": ("Uncertainty of deep ensembles under distribution shift",
           "Calibrated uncertainty of ensembles falls when data changes."),
    "p5": ("Drought warnings for smallholder fields from satellite images",
           "Satellite images and soil moisture warn of drought and predict yields."),
    "p6": ("A tactile robot hand for picking soft fruit",
           "A robot hand feels fruit with tactile skin before it picks strawberries."),
    "p7": ("Reinforcement learning of robot arms in a simulator",
           "A robot arm learns in a simulator and opens doors and drawers."),
    "p8": ("Teaching first-year students to write proofs",
           "A course in which students write proofs for each other in their first year."),
}  # fmt: skip
"""The same of the papers they have read."""

RATED: dict[str, dict[str, float]] = {
    "lindiwe": {"p1": 5, "p2": 4, "p4": 2, "p8": 1},
    "tomas": {"p3": 5, "p4": 4.5, "p7": 2, "p5": 1},
    "farida": {"p5": 5, "p3": 2, "p8": 1},
    "joon": {"p6": 5, "p7": 4, "p3": 2, "p1": 1},
}


def papers() -> list[Record]:
    everything = {name: words for some in (*PAST.values(), READ) for name, words in some.items()}
    return [{"id": name, "title": title, "abstract": abstract} for name, (title, abstract) in everything.items()]


def ratings() -> list[Record]:
    return [
        {"member": member, "paper": paper, "expertise": expertise}
        for member, some in RATED.items()
        for paper, expertise in some.items()
    ]


def profiles() -> list[Record]:
    """Return two versions: all of everyone's past papers, and all but the first."""
    return [
        {"version": version, "member": member, "papers": list(some)[version - 1 :]}
        for version in (1, 2)
        for member, some in PAST.items()
    ]


def write_panel(folder: Path, listed: list[Record] | None = None) -> Path:
    """Write the panel down as the benchmark does; `listed` in place of the profiles."""
    write(folder / "papers.jsonl", papers())
    write(folder / "profiles.jsonl", profiles() if listed is None else listed)
    write(folder / "ratings.jsonl", ratings())
    return folder
