#!/bin/sh
# The three servers, until one of them ends or the container is stopped.
docker-registry serve /lab/registry.yml &
registry=$!
nginx -c /lab/nginx.conf &
web=$!
chronyd -x -d -f /lab/chrony.conf &
time=$!
trap 'kill $registry $web $time; exit 0' TERM INT
while kill -0 $registry && kill -0 $web && kill -0 $time; do
  sleep 1 &
  wait $!
done
kill $registry $web $time
exit 1
