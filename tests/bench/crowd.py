"""Lines at full load: each rings a telephone of its own, and somebody always waits to be rung."""

from collections import Counter
from dataclasses import dataclass, field

from bench.rig import Process, Rig

from appliance.store import answers
from appliance.types import InterviewId


@dataclass
class Crowd:
    box: Rig
    lines: dict[int, Process]
    phones: dict[int, Process]
    fed: list[InterviewId] = field(default_factory=list)

    @property
    def places(self) -> int:
        return self.box.calls * len(self.lines)

    def feed(self) -> None:
        if (missing := 2 * self.box.calls - self.box.waiting()) > 0:
            self.fed += self.box.feed(missing)

    def answers_of(self, these: list[InterviewId]) -> dict[InterviewId, dict[str, answers.Answer]]:
        return {interview: dict(answers.of_interview(self.box.db, interview)) for interview in these}

    def rung_too_often(self) -> int:
        """Numbers whose telephone was picked up more often than there were interviews with them."""
        picked_up = Counter(row["number"] for phone in self.phones.values() for row in self.box.deeds(phone))
        return sum(times > self.box.fed_with[number] for number, times in picked_up.items())


def crowd(box: Rig, lines: int, pause_seconds: float, *, speaks: bool) -> Crowd:
    """Start so many lines and telephones."""
    spare = 2 * box.calls  # a killed line's calls still hold their places when it rings again
    phones = {n: box.phone(pause_seconds=pause_seconds, speaks=speaks, calls=spare) for n in range(1, lines + 1)}
    return Crowd(box, {number: box.line(number, phone.port) for number, phone in phones.items()}, phones)
