#!/bin/sh
# Makes what docker-compose.production.yml needs, and leaves alone what is there already: random
# passwords, empty files for the secrets of others, and a certificate of one's own to begin with.
set -eu
cd "$(dirname "$0")"
umask 077
mkdir -p secrets tls upstream
# Containers read what is in here as other users than the one who made it, so it is readable: this
# folder keeps everybody else of this machine out.
chmod 700 .

keep() {
    [ -e "secrets/$1" ] || printf '%s' "$2" >"secrets/$1"
    chmod 644 "secrets/$1"
}
random() { od -An -N32 -tx1 /dev/urandom | tr -d ' \n'; }

keep postgres_password "$(random)"
keep database_url "postgresql://companion:$(cat secrets/postgres_password)@postgres:5432/companion"
keep secret_key "$(random)"
if [ ! -e secrets/redis_url ]; then
    password=$(random)
    keep redis_url "redis://:$password@redis:6379/0"
    keep redis_config "requirepass $password
dir /data
save 60 1
maxmemory 512mb
maxmemory-policy noeviction
"
fi
for name in xai_api_key openai_api_key stripe_secret_key stripe_webhook_secret firebase_credentials; do
    keep "$name" ""
    [ -s "secrets/$name" ] || echo "fill in: deploy/compose/secrets/$name"
done

if [ ! -e tls/tls.crt ]; then
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 90 \
        -subj "/CN=${1:-localhost}" -addext "subjectAltName=DNS:${1:-localhost}" \
        -keyout tls/tls.key -out tls/tls.crt 2>/dev/null
    echo "made a certificate of your own for ${1:-localhost}: replace deploy/compose/tls/tls.crt and tls.key"
fi
chmod 644 tls/tls.crt tls/tls.key
[ -e upstream/upstream.conf ] || cp ../nginx/upstream/upstream.conf upstream/upstream.conf
chmod 755 upstream tls
chmod 644 upstream/upstream.conf
[ -e production.env ] || { cp production.env.example production.env; echo "fill in: deploy/compose/production.env"; }
