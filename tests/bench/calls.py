"""Full load against a real Asterisk: every key and comment, processor and memory a call, how soon a prompt follows.

60 calls at a time in one process where the library holds as many, else 16 in 4 processes. Then an Asterisk does the
box's job, with the same citizens and prompts, for comparison. Needs root, tcpdump and `scripts/pbx`.
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from bench.parts.asterisk_box import asterisk_box, ring
from bench.parts.chewing import MANNERS, chewing
from bench.parts.comments import pieces_found
from bench.parts.promptness import Prompts, Wait
from bench.parts.usage import cpu_seconds, memory_mib
from bench.parts.wire import Talk, capture, talks
from pbx.asterisk import Asterisk, missing
from pbx.box import Box, wait_until
from pbx.citizens import COMMENTS, QUESTIONS, Citizen, presses, says

from appliance.custody.keys import load_keys
from appliance.custody.recordings import decrypt_recording
from appliance.practice.numbers import FICTIONAL_NUMBERS
from appliance.sound import CALL_RATE_HZ, from_pcm, read_wav
from appliance.store import comments, processes
from appliance.store.processes import ProcessBeat
from appliance.survey.prompts import PromptLibrary
from appliance.survey.questionnaire import load_questionnaire
from appliance.types import InterviewId, Language, Outcome

_SCALE_KEYS: Final = "012345"
_YES_NO_KEYS: Final = "012"
_ENOUGH_PIECES: Final = 0.95
_CALL_SECONDS: Final = 75
_MEMORY: Final = Path("/dev/shm")  # noqa: S108 -- the packets of some minutes, of no real person


@dataclass(frozen=True, slots=True)
class Load:
    processes: int
    calls: int
    """At a time in each process."""
    rounds: int
    alone: bool
    analyst: str | None
    """How an analyst beside the calls behaves; None: there is none."""
    backlog: int

    @property
    def at_a_time(self) -> int:
        return self.processes * self.calls

    @property
    def total(self) -> int:
        return self.at_a_time * self.rounds


@dataclass(frozen=True, slots=True)
class Plan:
    """What one citizen does."""

    citizen: Citizen
    keys: str
    comment: str


def main() -> int:
    load = _options(_calls_of_the_library())
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="efterklang-bench-", dir=_MEMORY)))
        plans = _plans(load.total, random.Random(load.total))
        pbx = stack.enter_context(Asterisk(citizens=[plan.citizen for plan in plans]))
        box = Box(folder / "box", pbx, register=False, processes=load.processes, calls_per_process=load.calls)
        sounds = _sounds(box)
        ours = _measure_box(load, plans, pbx, box, folder / "box.pcap")
        wrong = ours["wrong"]
        report = {"load": f"{load.total} calls, {load.calls} at a time in each of {load.processes} processes"}
        report["efterklang"] = _summary(ours, sounds)
        if not load.alone:
            report["asterisk"] = _summary(_measure_asterisk(load, plans, pbx, box, folder / "asterisk.pcap"), sounds)
        box.close()
    sys.stdout.write(json.dumps(report, indent=1) + "\n")
    return 1 if wrong else 0


def _calls_of_the_library() -> int:
    command = [sys.executable, "-W", "ignore", "-m", "appliance.telephony.library"]
    facts = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    _say(f"the library: {facts.strip()}")
    return int(json.loads(facts)["max_calls"])


def _options(limit: int) -> Load:
    parser = argparse.ArgumentParser(prog="scripts/bench calls", description=__doc__)
    parser.add_argument("--processes", type=int, default=1 if limit >= 60 else 4)
    parser.add_argument("--calls", type=int, default=min(60, limit), help="at a time in each process")
    parser.add_argument("--alone", action="store_true", help="without Asterisk in the box's place")
    parser.add_argument("--rounds", type=int, default=3, help="so many times as many calls in all")
    parser.add_argument("--analyst", choices=MANNERS, help="one that works through a backlog beside the calls")
    parser.add_argument("--backlog", type=int, default=600, help="of so many comments")
    chosen = parser.parse_args()
    if why := missing("22"):
        parser.error(why)
    return Load(chosen.processes, chosen.calls, chosen.rounds, chosen.alone, chosen.analyst, chosen.backlog)


def _plans(count: int, luck: random.Random) -> list[Plan]:
    kinds = {question.key: question.kind for question in load_questionnaire("kontaktcenter").questions}
    spoken = sorted(path.stem for path in COMMENTS.glob("[0-9]*.wav"))
    return [_plan(number, kinds, luck, luck.choice(spoken)) for number in luck.sample(FICTIONAL_NUMBERS, count)]


def _plan(number: Any, kinds: dict[str, str], luck: random.Random, comment: str) -> Plan:
    keys = "".join(luck.choice(_YES_NO_KEYS if kinds[key] == "yes_no" else _SCALE_KEYS) for key in QUESTIONS)
    paced = [step for key in "1" + keys for step in (f"Wait({luck.uniform(2, 4):.2f})", f"SendDTMF({key})")]
    steps = ("Answer()", *paced, *says(comment), *presses("#1"), "Wait(60)")
    return Plan(Citizen(number, steps, Outcome.COMPLETED, len(keys), comment=True), keys, comment)


def _sounds(box: Box) -> Prompts:
    library = PromptLibrary(box.settings)
    return Prompts({prompt.key: library.samples(prompt.key, Language.SWEDISH) for prompt in library.prompts})


def _measure_box(load: Load, plans: Sequence[Plan], pbx: Asterisk, box: Box, packets: Path) -> dict[str, Any]:
    with ExitStack() as stack:
        if load.analyst:
            stack.enter_context(chewing(box, load.analyst, load.backlog))
        lines = [stack.enter_context(box.line(number)).pid for number in range(1, load.processes + 1)]
        wait_until(
            lambda: sum(beat.name != "analyst" for beat in processes.all_beats(box.db)) == load.processes,
            60,
            box.said(),
        )
        time.sleep(2)
        stack.enter_context(capture(packets))
        interviews = [box.queue(plan.citizen) for plan in plans]
        with _usage(pbx.pid, lines) as used:
            peak = _watch(box, interviews, load, used)
    wrong = [line for plan, which in zip(plans, interviews, strict=True) for line in _faults(box, plan, which)]
    if wrong:
        _say("\n".join([box.said(), *wrong]))
    pieces = [_comment(box, plan, which) for plan, which in zip(plans, interviews, strict=True)]
    found, total = (sum(each[part] for each in pieces) for part in (0, 1))
    return {
        **used,
        "wrong": wrong,
        "right": f"{len(plans) - len({line.split()[0] for line in wrong})} of {len(plans)} calls",
        "comments": f"{found} of {total} quarters of a second",
        "peak": peak,
        "talks": talks(packets, pbx.ports.udp),
    }


def _measure_asterisk(load: Load, plans: Sequence[Plan], pbx: Asterisk, box: Box, packets: Path) -> dict[str, Any]:
    citizens = [plan.citizen for plan in plans[: load.at_a_time]]
    with asterisk_box(pbx, box.settings) as other, capture(packets), _usage(pbx.pid, [other.pid]) as used:
        ring(other, citizens)
        peak = other.channels()
        _say(f"Asterisk holds {peak} calls")
        used["memory"] = [memory_mib(other.pid)]
        wait_until(lambda: other.channels() == 0, _CALL_SECONDS + 30, "Asterisk's calls do not end")
    return {**used, "peak": peak, "talks": talks(packets, pbx.ports.udp)}


@contextmanager
def _usage(pbx: int, pids: Sequence[int]) -> Iterator[dict[str, Any]]:
    """Processor time of the exchange and of those who ring through it, from now to the end."""
    used: dict[str, Any] = {}
    before = [cpu_seconds(pid) for pid in (pbx, *pids)]
    yield used
    pbx_cpu, *own = [cpu_seconds(pid) - begun for pid, begun in zip((pbx, *pids), before, strict=True)]
    used |= {"cpu": sum(own), "pbx_cpu": pbx_cpu}


def _watch(box: Box, interviews: Sequence[InterviewId], load: Load, used: dict[str, Any]) -> int:
    """Wait until all are over; the most calls that were held at once, and the memory at that moment."""
    most = 0
    end = time.monotonic() + load.rounds * _CALL_SECONDS + load.total * 0.4
    while not all(box.is_over(which) for which in interviews):
        beats = _line_beats(box)
        held = sum(int(beat.note.split()[0]) for beat in beats if beat.note)
        if held > most:
            most = held
            used["memory"] = [memory_mib(beat.pid) for beat in beats]
        if time.monotonic() > end:
            _say("not all calls have come to their end")
            break
        time.sleep(1)
    return most


def _line_beats(box: Box) -> list[ProcessBeat]:
    return [beat for beat in processes.all_beats(box.db) if beat.name != "analyst"]


def _faults(box: Box, plan: Plan, interview: InterviewId) -> Iterator[str]:
    who = f"…{plan.citizen.number[-4:]}"
    if (outcome := box.outcome(interview)) is not Outcome.COMPLETED:
        yield f"{who} is {outcome}, and was to be completed"
    if (answers := box.answers(interview)) != plan.keys:
        yield f"{who} has answers {answers}, pressed {plan.keys}"
    found, total = _comment(box, plan, interview)
    if found < _ENOUGH_PIECES * total:
        yield f"{who} has {found} of {total} quarters of a second of the comment"


def _comment(box: Box, plan: Plan, interview: InterviewId) -> tuple[int, int]:
    spoken = read_wav(COMMENTS / f"{plan.comment}.wav").at(CALL_RATE_HZ).samples
    kept = comments.of_interview(box.db, interview)
    if kept is None or kept.recording is None:
        return 0, pieces_found(spoken, spoken)[1]
    pcm = decrypt_recording(load_keys(box.directory), box.directory, kept.recording)
    return pieces_found(spoken, from_pcm(pcm, CALL_RATE_HZ).samples)


def _summary(figures: dict[str, Any], sounds: Prompts) -> dict[str, Any]:
    talked: list[Talk] = figures.pop("talks")
    seconds = sum(talk.ended_at - talk.answered_at for talk in talked if talk.ended_at)
    waits = [wait for talk in talked for wait in sounds.waits(talk)]
    return {
        **figures,
        "cpu": round(figures["cpu"], 1),
        "pbx_cpu": round(figures["pbx_cpu"], 1),
        "calls_answered": len(talked),
        "call_seconds": round(seconds),
        "cpu_percent_of_a_core_per_call": round(100 * figures["cpu"] / seconds, 3),
        "pbx_cpu_percent_of_a_core_per_call": round(100 * figures["pbx_cpu"] / seconds, 3),
        "ms_between_packets": _gaps(talked),
        "ms_from_answer_to_prompt": _spread([wait for wait in waits if wait.after == "answer"]),
        "ms_from_key_to_prompt": _spread([wait for wait in waits if wait.after != "answer"]),
    }


def _gaps(talked: Sequence[Talk]) -> dict[str, float]:
    """Between the packets that a citizen hears, one every 20 ms."""
    gaps = np.concatenate([1000 * np.diff([at for at, _ in talk.heard]) for talk in talked if len(talk.heard) > 1])
    over = {f"share_over_{limit}": round(float(np.mean(gaps > limit)), 6) for limit in (30, 40, 60)}
    return {"measured": len(gaps), "p99": round(float(np.percentile(gaps, 99)), 1), "max": round(gaps.max(), 1), **over}


def _spread(waits: Sequence[Wait]) -> dict[str, float]:
    known = [1000 * wait.seconds for wait in waits if wait.seconds is not None]
    if not known:
        return {"measured": 0, "not_found": len(waits)}
    p50, p95, most = np.percentile(known, [50, 95, 100]).round(1)
    return {"measured": len(known), "not_found": len(waits) - len(known), "p50": p50, "p95": p95, "max": most}


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main())
