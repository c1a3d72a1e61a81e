#!/bin/sh
# Installs 账平 on this device, or upgrades it: the version that lies beside this file. What it does twice, it does once.
#   sh install.sh [--tty1] [--prefix DIR] [--root DIR]     --tty1: the keypad screen on the first text console
#   sh install.sh --uninstall                              the data in /var/lib/zhangping stay
# --root: everything below DIR, no user is made and no service touched; ZHANGPING_SYSTEMCTL names what stands in for systemctl.
set -eu
umask 022

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
root='' prefix=/opt/zhangping action=install tty1=''
while [ $# -gt 0 ]; do
  case $1 in
    --root) root=$2 && shift ;;
    --prefix) prefix=$2 && shift ;;
    --tty1) tty1=1 ;;
    --uninstall) action=uninstall ;;
    *) sed -n '2,5s/^# //p' "$0" >&2 && exit 2 ;;
  esac
  shift
done
home=/var/lib/zhangping
versions=$root$prefix
data=$root$home
unit=$root/etc/systemd/system/zhangping.service
drop_in=$unit.d/tty1.conf
rules=$root/etc/udev/rules.d/60-zhangping.rules
command=$root/usr/local/bin/pos
wait_s=${ZHANGPING_WAIT_S:-60}

say() { printf '%s\n' "$*"; }
die() {
  printf '安装失败 not installed: %s\n' "$*" >&2
  exit 1
}

service() {
  if [ -n "${ZHANGPING_SYSTEMCTL:-}" ]; then "$ZHANGPING_SYSTEMCTL" "$@"; elif [ -z "$root" ]; then systemctl "$@"; fi
}
runs_here() { [ -z "$root" ] || [ -n "${ZHANGPING_SYSTEMCTL:-}" ]; }

# As the user of the terminal: what root made in its folder, it could not open.
as_user() {
  if [ -n "$root" ]; then POS_HOME=$data "$@"; else runuser -u zhangping -- env POS_HOME="$data" "$@"; fi
}
pos_of() {
  version_=$1
  shift
  as_user "$node" "$versions/$version_/lib/pos.js" "$@"
}

# A folder of $versions that holds a version of ours, whole or half put there, and says which.
is_ours() {
  name_=$(basename "$1" .old)
  grep -q '"name": "zhangping"' "$1/package.json" 2>/dev/null && grep -qF "\"version\": \"${name_#.}\"" "$1/package.json"
}

# Nothing is put, replaced or removed where others keep theirs: a prefix is new, has our link, or holds only what an installation left that was cut off.
check_places() {
  [ -n "$root" ] || [ "$(id -u)" = 0 ] || die '请用 root 运行 run it as root'
  case $prefix in /*[!A-Za-z0-9/._-]* | [!/]* | */) die "--prefix /DIR: $prefix" ;; esac
  [ ! -e "$command" ] || grep -q zhangping "$command" || die "不是本程序的 not ours: $command"
  case $(readlink "$versions/current") in
    */*) ;;
    [0-9]*.[0-9]*.[0-9]*) return ;;
  esac
  for entry in "$versions"/* "$versions"/.[!.]*; do
    [ ! -e "$entry" ] || is_ours "$entry" || die "目录另有他用，请另选 used by others, choose another --prefix: $prefix"
  done
}

check_system() {
  node=$(command -v node) || die 'Node.js ≥ 20.19: apt-get install nodejs'
  "$node" -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' ||
    die "Node.js ≥ 20.19, 现有 found $("$node" --version)"
  case $(readlink -f "$node") in
    /home/* | /root/*) [ -n "$root" ] || die "服务读不到 the service cannot read $node: apt-get install nodejs" ;;
  esac
  "$node" -e 'require(process.argv[1])' "$here/node_modules/better-sqlite3/build/Release/better_sqlite3.node" 2>/dev/null ||
    die "此包为 this bundle is for $(facts), 本机 here: $("$node" -p '"Node " + process.versions.node.split(".")[0] + ", linux " + process.arch')"
  lacking=''
  for pair in libusb-1.0.so.0:libusb-1.0-0 libudev.so.1:libudev1; do
    PATH=$PATH:/sbin:/usr/sbin ldconfig -p | grep -q "${pair%%:*}" || lacking="$lacking ${pair##*:}"
  done
  [ -z "$lacking" ] || die "缺少 missing: apt-get install$lacking"
}

fact() { "$node" -p "require(process.argv[1]).$2" "$1/package.json"; }
facts() { fact "$here" device; }

make_user() {
  [ -n "$root" ] && return
  for group in dialout plugdev; do getent group "$group" >/dev/null || groupadd --system "$group"; done
  getent passwd zhangping >/dev/null ||
    useradd --system --user-group --home-dir "$home" --no-create-home --shell /usr/sbin/nologin zhangping
  usermod -a -G dialout,plugdev zhangping
}

make_home() {
  mkdir -p "$data"
  chmod 0700 "$data"
  [ -n "$root" ] || chown zhangping:zhangping "$data"
}

# A file of version $1 with its places filled in, whole or not at all.
fill() {
  mkdir -p "$(dirname "$3")"
  sed -e "s|@NODE@|$node|g" -e "s|@PREFIX@|$prefix|g" -e "s|@HOME@|$home|g" "$versions/$1/$2" >"$3.new"
  chmod "$4" "$3.new"
  mv -f "$3.new" "$3"
}

# What the system knows of version $1.
make_known() {
  ln -sfn "$1" "$versions/current.new"
  mv -fT "$versions/current.new" "$versions/current"
  fill "$1" zhangping.service "$unit" 644
  fill "$1" 60-zhangping.rules "$rules" 644
  fill "$1" pos "$command" 755
  if [ -n "$tty1" ] || [ -e "$drop_in" ]; then fill "$1" tty1.conf "$drop_in" 644; fi
  service daemon-reload
  if [ -z "$root" ]; then
    udevadm control --reload || true
    udevadm trigger --subsystem-match=tty --subsystem-match=hidraw || true
  fi
}

# The names of the checks of `pos doctor` that fail, sorted; status 1 when the terminal does not answer.
failing() {
  pos_of "$1" --json doctor 2>/dev/null | "$node" -e '
    const last = require("node:fs").readFileSync(0, "utf8").trim().split("\n").at(-1);
    const { checks } = JSON.parse(last || "{}");
    if (!checks) process.exit(1);
    console.log(checks.filter(({ ok }) => !ok).map(({ name }) => name).sort().join("\n"));'
}

# Version $1 answers, and nothing fails but what failed before ($2; "?": nobody knows).
is_well() {
  tries=0
  while [ "$tries" -lt "$wait_s" ]; do
    tries=$((tries + 1))
    if now=$(failing "$1"); then
      [ "$2" = '?' ] && return 0
      new=''
      for name in $now; do printf '%s\n' "$2" | grep -qx "$name" || new="$new $name"; done
      [ -z "$new" ] && return 0
    fi
    sleep 1
  done
  return 1
}

put_files() {
  mkdir -p "$versions"
  rm -rf "$versions/.$version"
  mkdir "$versions/.$version"
  cp "$here/package.json" "$versions/.$version" # first, so that half of it is known as ours
  (cd "$here" && tar -cf - .) | tar -xf - -C "$versions/.$version" --no-same-owner
  chmod -R u=rwX,go=rX "$versions/.$version"
}

# The files of version $1, kept under another name, come back.
give_files_back() {
  [ -d "$versions/.$1.old" ] || return 0
  rm -rf "${versions:?}/$1"
  mv "$versions/.$1.old" "$versions/$1"
}

back_up() {
  [ -e "$data/terminal.db" ] || return 0
  mkdir -p "$data/backups"
  [ -n "$root" ] || chown zhangping:zhangping "$data/backups"
  copy=$data/backups/before-$version-$(date +%Y%m%d-%H%M%S).db
  # By the version that wrote the book; when its files are damaged, by the new one.
  for by in "$old" ".$version"; do
    if pos_of "$by" backup "$copy" && [ -s "$copy" ]; then return 0; fi
  done
  return 1
}

go_back() {
  say "新版不正常, 退回 the new version is not well, going back to $old"
  service stop zhangping || true
  # A newer book is closed to the older program: its copy takes its place, and the host gives back what came after.
  later=$(schema_of "$version")
  give_files_back "$old"
  if [ "$later" != "$(schema_of "$old")" ] && [ -n "${copy:-}" ]; then
    pos_of "$old" --yes restore "$copy" || say "账本未恢复 the book was not put back: pos restore $copy"
  fi
  make_known "$old"
  service start zhangping || true
  is_well "$old" "${before-?}" || say "$old 也不正常 is not well either: pos doctor"
  die "仍是 still $old; journalctl -u zhangping"
}
schema_of() { pos_of "$1" --version 2>/dev/null | sed 's/.*schema //'; }

install() {
  check_places
  check_system
  version=$(fact "$here" version)
  make_user
  make_home
  put_files
  old='' damaged=''
  if [ -L "$versions/current" ]; then old=$(readlink "$versions/current"); fi
  # The power failed while this version was put in its own place.
  if [ ! -d "$versions/$version" ]; then give_files_back "$version"; fi
  if [ -n "$old" ]; then
    [ -n "$(schema_of "$old")" ] || damaged=1
    before=$(failing "$old") || before='?'
    service stop zhangping
    back_up || { service start zhangping; die '备份未成, 未升级 the backup failed, nothing was changed'; }
  fi
  rm -rf "$versions/.$version.old"
  if [ -d "$versions/$version" ]; then mv "$versions/$version" "$versions/.$version.old"; fi
  mv "$versions/.$version" "$versions/$version"
  make_known "$version"
  service enable zhangping
  service start zhangping
  if runs_here; then
    is_well "$version" "${before-?}" || { [ -z "$old" ] || [ -n "$damaged" ] || go_back; die 'journalctl -u zhangping'; }
    pos_of "$version" doctor || true
  fi
  # The version before stays, for whoever goes back by hand.
  rm -rf "$versions/.$version.old"
  remove_but "$version" "$old"
  say "账平 $version 已安装 installed: $versions/$version"
  say "数据 data $data (config.json)  ·  pos --help  ·  journalctl -u zhangping"
}

# Every version of ours but these two.
remove_but() {
  for folder in "$versions"/*/ "$versions"/.[0-9]*/; do
    case $(basename "$folder") in "$1" | "$2" | current) ;; *) if is_ours "$folder"; then rm -rf "$folder"; fi ;; esac
  done
}

uninstall() {
  check_places
  service disable --now zhangping || true
  rm -rf "$unit" "$unit.d" "$rules" "$command"
  remove_but '' ''
  rm -f "$versions/current" "$versions/current.new"
  rmdir "$versions" 2>/dev/null || true # what is not ours stays
  service daemon-reload
  say "已卸载, 数据和用户保留 uninstalled; kept: $data, user zhangping"
}

"$action"
