# Starts the server, waits for the end of standard input, which comes with the end of Lockstep, however that ends, and stops the server.
# $1 folder of binaries, $2 home of the cluster, $3 options of the server, $4 how to stop it, $5 folder to remove afterwards or nothing,
# the rest: the words that make a command run as the server's user
bin=$1 home=$2 options=$3 mode=$4 remove=$5
shift 5
trap '' INT TERM HUP

# A killed watchdog leaves its server behind. The folder's lock says that it is nobody's now. A process number may have been given
# to another program since; then PostgreSQL would refuse to start, or we would stop a stranger.
left=$(head -n 1 "$home/postmaster.pid" 2>/dev/null)
if [ -n "$left" ] && [ -r "/proc/$left/cmdline" ]; then
  if tr '\0' ' ' <"/proc/$left/cmdline" | grep -qF -- "$home"; then
    "$@" "$bin/pg_ctl" stop -s -w -m fast -D "$home" >/dev/null 2>&1
  else
    rm -f "$home/postmaster.pid"
  fi
fi

rm -f "$home/server.log"
"$@" "$bin/pg_ctl" start -s -w -t 120 -D "$home" -l "$home/server.log" -o "$options" </dev/null >/dev/null 2>&1 || {
  tail -n 5 "$home/server.log" 2>/dev/null
  exit 1
}
echo started
cat >/dev/null
"$@" "$bin/pg_ctl" stop -s -w -m "$mode" -D "$home" >/dev/null 2>&1
[ -z "$remove" ] || rm -rf "$remove" "$home"
