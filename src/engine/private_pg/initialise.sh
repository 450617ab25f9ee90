# Makes a cluster. Runs as the server's user; the superuser's password comes on standard input.
# $1 folder of binaries, $2 home of the cluster, $3 locale
set -e
umask 077
find "$2" -mindepth 1 -delete
password=$(mktemp)
trap 'rm -f "$password"' EXIT
cat >"$password"
"$1/initdb" -D "$2" -U postgres --auth=scram-sha-256 --pwfile="$password" --encoding=UTF8 --locale="$3" --no-sync
