#!/bin/sh
# Replaces the replicas of docker-compose.production.yml one after the other, with open streams:
#   COMPANION_IMAGE=companion:0.2.0 deploy/rollout.sh
#
# A replica is marked `down` in nginx (it gets nothing new, its streams go on), replaced (SIGTERM
# lets its turns end), and marked up when it is healthy. Migrations run first: a release works with
# the schema of the next one.
set -eu
cd "$(dirname "$0")/.."
compose() { docker compose -f docker-compose.production.yml "$@"; }
upstream=deploy/compose/upstream/upstream.conf

mark() { # REPLICA "down"|""
    sed -e "s/^\( *server $1:8000 [^;]*\) down;/\1;/" \
        -e "s/^\( *server $1:8000 [^;]*\);/\1${2:+ $2};/" "$upstream" >"$upstream.new"
    chmod 644 "$upstream.new"
    mv "$upstream.new" "$upstream"
    compose exec -T nginx nginx -t -q
    compose exec -T nginx nginx -s reload
}

compose run --rm --no-deps migrate
compose run --rm --no-deps seed
for replica in api-1 api-2; do
    mark "$replica" down
    compose up --detach --no-deps --wait "$replica"
    mark "$replica" ""
done
compose up --detach --no-deps scheduler
echo "replaced"
