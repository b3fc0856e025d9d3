"""The headline and the news beside it, as sentences."""

from appliance.results.comparison import Change
from appliance.results.headline import Headline, HeadlineKind, News, Subject
from appliance.results.overview import QuestionResult
from appliance.results.words import Words

_MAX_CLAUSES = 2


def subject_name(words: Words, subject: Subject) -> str:
    """As it stands inside a sentence: väntetiden, or a question in its own words."""
    if subject.area is not None:
        return words(f"subject.{subject.area}")
    assert subject.question is not None
    label = question_label(words, subject.question)
    return f"”{label}”" if label.endswith("?") else label[:1].lower() + label[1:]


def question_label(words: Words, question: QuestionResult) -> str:
    return question.label[words.language]


def headline_text(words: Words, headline: Headline) -> str:
    """At most two clauses, none of them about the same thing."""
    found = {
        "worse": headline.worse.subject if headline.worse else None,
        "better": headline.better.subject if headline.better else None,
        "praised": headline.praised,
        "criticised": headline.criticised,
    }
    clauses: dict[str, str] = {}
    for key, subject in found.items():
        if subject is not None:
            name = subject_name(words, subject)
            clauses.setdefault(name, words(f"headline.clause.{key}", subject=name))
    if headline.kind in {HeadlineKind.CHANGED, HeadlineKind.LEVELS}:
        return words.sentence(words("headline.joint").join(list(clauses.values())[:_MAX_CLAUSES]))
    return words(f"headline.{headline.kind}")


def news_title(words: Words, news: News) -> str:
    subject = subject_name(words, news.subject)
    return words.sentence(words(f"news.{news.change.direction}", subject=subject))


def news_text(words: Words, news: News, since: str) -> str:
    """The figures of a change; `since` names the earlier span."""
    change = news.change
    if news.tonality is not None:
        key, now, before = f"news.share.{news.tonality}", words.percent(change.now), words.percent(change.before)
    elif news.subject.question is not None and news.subject.question.kind == "yes_no":
        key, now, before = "news.yes", words.percent(change.now), words.percent(change.before)
    else:
        key, now, before = "news.mean", words.number(change.now, 1), words.number(change.before, 1)
    n_now, n_before = words.number(change.n_now), words.number(change.n_before)
    return words(key, now=now, before=before, since=since, n_now=n_now, n_before=n_before)


def change_text(words: Words, change: Change, *, is_share: bool) -> str:
    """A difference with its sign: points of per cent without decimals, a mean with one."""
    return words.signed(change.difference * 100) if is_share else words.signed(change.difference, 1)
