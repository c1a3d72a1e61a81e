#!/usr/bin/env bash
# The tests that need mosquitto and Chromium, and those that kill processes at every named point: installs both where it may, else names what is missing and fails. Started by `npm run test:system`.
set -euo pipefail
cd "$(dirname "$0")/.."

# Names of the Debian packages whose programs are not there.
missing() {
  PATH=$PATH:/usr/sbin command -v mosquitto >/dev/null || echo mosquitto
  chromium_path >/dev/null || echo chromium
  [ -n "$(fc-list :lang=zh 2>/dev/null)" ] || echo fontconfig fonts-wqy-zenhei
}

chromium_path() {
  command -v chromium || command -v chromium-browser || command -v google-chrome
}

install() {
  echo "安装 installing: $*"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq && apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

wanted=$(missing | xargs)
if [ -n "$wanted" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  # shellcheck disable=SC2086
  install $wanted || true
  wanted=$(missing | xargs)
fi
if [ -n "$wanted" ]; then
  echo "缺少 missing: $wanted" >&2
  echo "请先安装 install first: apt-get install --no-install-recommends $wanted" >&2
  exit 1
fi
POS_CHROMIUM=$(chromium_path)
POS_MOSQUITTO=$(PATH=$PATH:/usr/sbin command -v mosquitto)
export POS_CHROMIUM POS_MOSQUITTO

# A broker of our own: any free port, nothing kept.
folder=$(mktemp -d)
broker=
stop() {
  [ -z "$broker" ] || kill "$broker" 2>/dev/null || true
  rm -rf "$folder"
}
trap stop EXIT

free_port() {
  node -e "const s = require('net').createServer().listen(0, '127.0.0.1', () => { console.log(s.address().port); s.close(); })"
}

start_broker() {
  port=$(free_port)
  printf 'listener %s 127.0.0.1\nallow_anonymous true\npersistence false\nmax_queued_messages 0\n' "$port" >"$folder/mosquitto.conf"
  "$POS_MOSQUITTO" -c "$folder/mosquitto.conf" >"$folder/mosquitto.log" 2>&1 &
  broker=$!
  for _ in $(seq 100); do
    if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then return 0; fi
    kill -0 "$broker" 2>/dev/null || break
    sleep 0.1
  done
  cat "$folder/mosquitto.log" >&2
  return 1
}

status=0
POS_SYSTEM_TESTS=1 npx vitest run "$@" || status=1
start_broker
echo "场景测试 scenarios with mosquitto $port"
POS_BROKER_URL="mqtt://127.0.0.1:$port" npx vitest run test/scenarios "$@" || status=1
exit "$status"
