#!/bin/sh
# Makes sure that what a build needs is on the machine: Go, and a C compiler for PostgreSQL's
# parser, which is C. As root the packages are installed, otherwise they are named.
set -eu

if ! command -v go >/dev/null; then
	echo "Go is not on this machine: install it from https://go.dev/dl" >&2
	exit 1
fi

missing=
if ! command -v gcc >/dev/null && ! command -v clang >/dev/null; then
	missing="$missing gcc libc6-dev"
elif ! echo '#include <stdlib.h>' | "${CC:-cc}" -E - >/dev/null 2>&1; then
	missing="$missing gcc libc6-dev"
fi
# Go fetches modules over TLS.
if [ -d /etc/ssl ] && [ ! -e /etc/ssl/certs/ca-certificates.crt ] && [ ! -e /etc/pki/tls/certs/ca-bundle.crt ] &&
	[ ! -e /etc/ssl/cert.pem ] && command -v apt-get >/dev/null; then
	missing="$missing ca-certificates"
fi
[ -z "$missing" ] && exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
	echo "installing$missing"
	export DEBIAN_FRONTEND=noninteractive
	apt-get -qq update
	# shellcheck disable=SC2086
	apt-get -qq -y --no-install-recommends install $missing >/dev/null
else
	echo "missing packages:$missing" >&2
	echo "install them, for example: sudo apt-get install$missing" >&2
	exit 1
fi
