"""Asterisk's configuration files. Which user a box registers as decides how it is treated: `USERS`."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pbx import contact_center

PASSWORD: Final = "hemligt-bara-i-test"

USERS: Final = {
    "efterklang": {},
    "efterklang-alaw": {"allow": "!all,alaw"},
    "efterklang-ulaw": {"allow": "!all,ulaw"},
    "efterklang-srtp": {"media_encryption": "sdes"},
    "efterklang-srtp-or-not": {"media_encryption": "sdes", "media_encryption_optimistic": "yes"},
    "efterklang-info": {"dtmf_mode": "info"},
    "efterklang-inband": {"dtmf_mode": "inband"},
    "phone": {"context": "phones"},
    "2041": {"context": "agents"},
    "2042": {"context": "agents"},
}
"""Endpoints with a password, and what each one has of its own."""

TRUNK: Final = {"timers": "always", "timers_min_se": "90", "timers_sess_expires": "90"}
"""The endpoint of whoever rings from 127.0.0.1 under no such user; when it rings, its calls are refreshed often."""

OUTSIDE: Final = {"timers": "no", "moh_passthrough": "no", "send_pai": "no", "send_connected_line": "no"}
OUTSIDE_ADDRESS: Final = "127.0.0.2"
"""The endpoint of whoever rings from this address, by any number: callers from outside, as plain as they come."""

MODULES: Final = (
    "res_timing_timerfd", "res_sorcery_config", "res_sorcery_memory", "res_sorcery_astdb", "res_pjproject",
    "res_statsd", "res_geolocation", "res_pjsip", "res_pjsip_session", "res_pjsip_sdp_rtp", "res_pjsip_registrar",
    "res_pjsip_authenticator_digest", "res_pjsip_outbound_authenticator_digest", "res_pjsip_endpoint_identifier_user",
    "res_pjsip_endpoint_identifier_ip", "res_pjsip_caller_id", "res_pjsip_diversion", "res_pjsip_dtmf_info",
    "res_pjsip_empty_info", "res_pjsip_header_funcs", "res_pjsip_nat", "res_pjsip_rfc3326", "res_pjsip_dlg_options",
    "res_pjsip_refer", "res_pjsip_logger", "res_pjsip_pubsub", "res_rtp_asterisk", "res_srtp", "res_crypto",
    "res_musiconhold", "res_convert", "chan_pjsip", "bridge_simple", "bridge_builtin_features", "bridge_native_rtp",
    "codec_alaw", "codec_ulaw", "codec_a_mu", "codec_resample", "format_wav", "format_pcm", "format_sln", "pbx_config",
    "app_dial", "app_playback", "app_playtones", "app_read", "app_record", "app_senddtmf", "app_stack", "app_transfer",
    "app_verbose", "app_while", "app_originate", "app_echo", "app_system", "func_callerid", "func_channel",
    "func_logic", "func_strings", "func_rand", "func_math", "func_cut", "func_pjsip_contact", "func_pjsip_endpoint",
    "func_timeout", "func_global", "app_mixmonitor", "func_volume", "res_clioriginate",
    "app_queue", "cdr_manager", "func_cdr", "func_db", "bridge_holding",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ports:
    """Of 127.0.0.1."""

    udp: int
    tcp: int
    tls: int
    box: int
    """Where a box that is a trunk's other end listens."""
    ami: int
    ami_tls: int

    def of(self, transport: str) -> int:
        return {"udp": self.udp, "tcp": self.tcp, "tls": self.tls}[transport]


def files(inside: Path, modules: Path, ports: Ports) -> dict[str, str]:
    """The files by name; `inside` is the folder that they lie in, as Asterisk sees it."""
    return {
        "asterisk.conf": _main(inside, modules),
        "logger.conf": f"[logfiles]\n{inside}/log/messages = notice,warning,error\n{inside}/log/sip = verbose",
        "rtp.conf": "[general]\nrtpstart = 20000\nrtpend = 39999\nstrictrtp = no",
        "musiconhold.conf": f"[default]\nmode = files\ndirectory = {inside}/comments",
        "pjsip.conf": _pjsip(inside, ports),
        "stasis.conf": "[threadpool]\ninitial_size = 1",
        **contact_center.files(inside, ports.ami, ports.ami_tls),
        **{f"{empty}.conf": "" for empty in ("features", "ccss", "cel", "udptl", "acl", "indications")},
    }


def _main(inside: Path, modules: Path) -> str:
    own = {"etc": "", "db": "/db", "key": "/db", "varlib": "/db", "spool": "/spool", "run": "/run", "log": "/log"}
    own |= {"data": "/data", "agi": "/data"}
    folders = [f"ast{name}dir = {inside}{below}" for name, below in own.items()]
    return "\n".join(["[directories]", f"astmoddir = {modules}", *folders, "[options]", "verbose = 1", ""])


def _pjsip(inside: Path, ports: Ports) -> str:
    parts = [
        _section("global", type="global", endpoint_identifier_order="username,ip", user_agent="Asterisk"),
        _section("udp", type="transport", protocol="udp", bind=f"127.0.0.1:{ports.udp}"),
        _section("tcp", type="transport", protocol="tcp", bind=f"127.0.0.1:{ports.tcp}"),
        _section(
            "tls", type="transport", protocol="tls", bind=f"127.0.0.1:{ports.tls}", method="tlsv1_2",
            cert_file=f"{inside}/certificate.pem", priv_key_file=f"{inside}/key.pem",
        ),
        _section("trunk", **_endpoint(TRUNK), aors="trunk"),
        _section("trunk", type="aor", contact=f"sip:127.0.0.1:{ports.box}"),
        _section("trunk", type="identify", endpoint="trunk", match="127.0.0.1"),
        _section("outside", **_endpoint(OUTSIDE)),
        _section("outside", type="identify", endpoint="outside", match=OUTSIDE_ADDRESS),
    ]  # fmt: skip
    for user, own in USERS.items():
        # A new telephone takes the place of a dead one; a box has a contact for each of its lines.
        contacts = {"max_contacts": "1", "remove_existing": "yes"} if "context" in own else {"max_contacts": "32"}
        parts += [
            _section(user, **_endpoint(own), aors=user, auth=user),
            _section(user, type="auth", auth_type="userpass", username=user, password=PASSWORD),
            _section(user, type="aor", minimum_expiration="10", maximum_expiration="3600", **contacts),
        ]
    return "\n".join(parts)


def _endpoint(own: dict[str, str]) -> dict[str, str]:
    common = {"type": "endpoint", "context": "citizens", "allow": "!all,alaw,ulaw", "direct_media": "no"}
    return {
        **common,
        "send_pai": "yes",
        "trust_id_inbound": "yes",
        "rtp_symmetric": "yes",
        "moh_passthrough": "yes",
        **own,
    }


def _section(name: str, **values: str) -> str:
    return "\n".join([f"[{name}]", *(f"{key} = {value}" for key, value in values.items()), ""])
