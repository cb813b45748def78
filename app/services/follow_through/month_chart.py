"""The months as a chart: columns of what became of what was written. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.services.follow_through.figures import Share
from app.services.follow_through.reports import MonthFigures
from app.services.panel.advice import listed

# The drawing, in units; a column has its place, and the bar stands in the middle of it.
WIDTH, HEIGHT, ZERO, TOP, GAP, LEAST = 600, 142, 141, 12, 2, 1.5
BAR = 0.56
GUIDES = 3
# Of more columns, none is wide enough for a per cent sign on a telephone.
MOST_WIDE = 6


@dataclass(frozen=True)
class Bar:
    """kind: in-time, later, dropped or open."""

    kind: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Column:
    """A month with its bars, from below. percent: empty while too little can be said; below the bar
    it stands as `label`."""

    month: date
    name: str
    short: str
    percent: str
    label: str
    row: MonthFigures
    bars: Sequence[Bar]


@dataclass(frozen=True)
class Chart:
    columns: Sequence[Column]
    guides: Sequence[float]
    in_time: int
    later: int
    dropped: int
    open: int

    @property
    def written(self) -> int:
        return self.in_time + self.later + self.dropped + self.open

    @property
    def unsettled(self) -> str:
        """The months of which some are not 30 days old yet, in words."""
        return listed(tuple(each.name for each in self.columns if not each.row.settled))

    @property
    def trend(self) -> str:
        """How the share went from the first month that says anything to the last one."""
        said = [each for each in self.columns if each.percent]
        if len(said) < 2:
            return ""
        first, last = said[0], said[-1]
        before, after = first.row.figures.share.percent, last.row.figures.share.percent
        went = "rose" if after > before else "fell" if after < before else "stayed"
        if went == "stayed":
            return f"Done within 30 days stayed at {before} % from {first.name} to {last.name}."
        return (
            f"Done within 30 days {went} from {before} % in {first.name} to {after} % "
            f"in {last.name}."
        )


def chart_of(months: Sequence[MonthFigures]) -> Chart:
    """Draw the months, the oldest first, so that the highest column fits."""
    highest = max((each.figures.written for each in months), default=0)
    unit = (ZERO - TOP) / max(highest, 1)
    place = WIDTH / max(len(months), 1)
    figures = [each.figures for each in months]
    return Chart(
        columns=[_column(row, place, unit, months) for row in months],
        guides=[round(ZERO - (ZERO - TOP) * each / GUIDES, 1) for each in range(GUIDES, 0, -1)],
        in_time=sum(each.in_time for each in figures),
        later=sum(each.later for each in figures),
        dropped=sum(each.dropped for each in figures),
        open=sum(each.open for each in figures),
    )


def _column(row: MonthFigures, place: float, unit: float, months: Sequence[MonthFigures]) -> Column:
    at = months.index(row) * place
    figures, share = row.figures, row.figures.share
    year = "" if row.month.year == months[-1].month.year else f" {row.month.year}"
    return Column(
        month=row.month,
        name=f"{row.month:%B}{year}",
        short=f"{row.month:%b}",
        percent=f"{share.percent} %" if share.sayable else "",
        label=_label(share, narrow=len(months) > MOST_WIDE),
        row=row,
        bars=_bars(
            {
                "in-time": figures.in_time,
                "later": figures.later,
                "dropped": figures.dropped,
                "open": figures.open,
            },
            round(at + place * (1 - BAR) / 2, 1),
            round(place * BAR, 1),
            unit,
        ),
    )


def _label(share: Share, *, narrow: bool) -> str:
    if not share.sayable:
        return "–"
    return str(share.percent) if narrow else f"{share.percent} %"


def _bars(parts: dict[str, int], x: float, width: float, unit: float) -> list[Bar]:
    bars, base = [], float(ZERO)
    for kind, many in parts.items():
        if many:
            height = max(many * unit - GAP, LEAST)
            bars.append(Bar(kind, x, round(base - many * unit, 1), width, round(height, 1)))
            base -= many * unit
    return bars
