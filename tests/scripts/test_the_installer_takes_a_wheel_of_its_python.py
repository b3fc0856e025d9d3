import subprocess
from pathlib import Path

HOUSE = Path(__file__).parents[2]
FUNCTIONS = r'source <(sed "\$d" "$0"); install_packages() { echo "${NEEDED[@]}"; }; WHEELS=; find_own_pjsua2'


def chosen(folder: Path, *tags: str) -> list[str]:
    """The packages that the choice among these wheels in dist/ makes needed, and the wheel, where there is one."""
    for tag in tags:
        wheel = folder / "dist" / f"pjsua2_python-2.17+efterklang-{tag}-{tag}-linux_x86_64.whl"
        wheel.parent.mkdir(exist_ok=True)
        wheel.touch()
    command = ["bash", "-c", f'{FUNCTIONS}; echo "${{OWN_PJSUA2##*/}}"', HOUSE / "scripts" / "install.sh"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout.splitlines()


def test_it_is_taken_from_among_those_of_others(tmp_path: Path) -> None:
    version = 'import sys; print("cp%d%d" % sys.version_info[:2])'
    ours = subprocess.check_output(["/usr/bin/python3", "-c", version], text=True).strip()
    packages, wheel = chosen(tmp_path, "cp31", ours, "cp3999")
    assert wheel == f"pjsua2_python-2.17+efterklang-{ours}-{ours}-linux_x86_64.whl"
    assert "libsrtp2-1" in packages


def test_another_python_s_is_not(tmp_path: Path) -> None:
    assert chosen(tmp_path, "cp31", "cp3999") == [""]
