"""The exchange's contact center: queues, their agents' telephones, a manager user that may read what the box reads."""

from pathlib import Path
from typing import Final

AMI_USER: Final = "efterklang"
AMI_PASSWORD: Final = "hemlig-hanterare"

AGENT, COLLEAGUE = "2041", "2042"
"""Extensions with a telephone each (`Baresip`): the first is in the queue Växel, the second in Socialtjänst."""
AGENT_NAME: Final = "Anna Andersson"

SWITCHBOARD: Final = "0313900600"
"""The queue Växel: it is the agent who answers, so that a caller's seconds are seconds of talk."""
SOCIAL_SERVICES: Final = "0313900601"
"""The queue Socialtjänst, which is never surveyed."""
OVERFLOW: Final = "0313900602"
"""Two seconds of Socialtjänst, then Växel."""
DIRECT: Final = "0313900603"
"""The agent's own telephone."""
ANNOUNCED: Final = "0313900604"
"""The queue Växel, where a voice answers before any agent does."""
SWITCHBOARD_INSIDE, SOCIAL_SERVICES_INSIDE = "8000", "8001"
"""As agents dial the queues."""

DIALPLAN: Final = f"""
[contact-center]
exten = {SWITCHBOARD},1,Queue(Växel,t,,,60)
exten = {SOCIAL_SERVICES},1,Queue(Socialtjänst,t,,,60)
exten = {OVERFLOW},1,Queue(Socialtjänst,t,,,2)
same = n,Queue(Växel,t,,,60)
exten = {ANNOUNCED},1,Answer()
same = n,Queue(Växel,t,,,60)
exten = {DIRECT},1,Dial(PJSIP/{AGENT},20)
[agents]
exten = {AGENT},1,Dial(PJSIP/{AGENT},20)
exten = {COLLEAGUE},1,Dial(PJSIP/{COLLEAGUE},20)
exten = {SWITCHBOARD_INSIDE},1,Goto(contact-center,{SWITCHBOARD},1)
exten = {SOCIAL_SERVICES_INSIDE},1,Goto(contact-center,{SOCIAL_SERVICES},1)
include => citizens
[citizens](+)
include => contact-center
"""

_MANAGER: Final = """
[general]
enabled = yes
bindaddr = 127.0.0.1
port = {port}
tlsenable = yes
tlsbindaddr = 127.0.0.1:{tls_port}
tlscertfile = {inside}/certificate.pem
tlsprivatekey = {inside}/key.pem
channelvars = CALLERID(num-pres)
[{user}]
secret = {password}
deny = 0.0.0.0/0.0.0.0
permit = 127.0.0.1/255.255.255.255
read = call,agent,cdr
write =
eventfilter = Event: AgentComplete
eventfilter = Event: QueueCallerAbandon
eventfilter = Event: QueueCallerLeave
eventfilter = Event: AttendedTransfer
eventfilter = Event: Hangup
eventfilter = Event: Cdr
"""

_QUEUES: Final = f"""
[Växel]
member => PJSIP/{AGENT},0,{AGENT_NAME}
ringinuse = no
timeout = 30
retry = 1
[Socialtjänst]
member => PJSIP/{COLLEAGUE},0,Bo Berg
ringinuse = no
timeout = 30
retry = 1
"""


def files(inside: Path, ami_port: int, ami_tls_port: int) -> dict[str, str]:
    """Its configuration files by name."""
    manager = _MANAGER.format(inside=inside, port=ami_port, tls_port=ami_tls_port, user=AMI_USER, password=AMI_PASSWORD)
    return {
        "manager.conf": manager,
        "queues.conf": _QUEUES,
        "cdr.conf": "[general]\nenable = yes\nunanswered = yes",
        "cdr_manager.conf": "[general]\nenabled = yes\n[mappings]\nlinkedid => LinkedID",
    }
