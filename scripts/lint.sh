#!/bin/sh
# Formatting, vet, staticcheck, and the build for Windows of what has to build there.
set -eu

tags=$1
unformatted=$(go run mvdan.cc/gofumpt@v0.9.2 -l .)
if [ -n "$unformatted" ]; then
	echo "lint: gofumpt would change:" "$unformatted" >&2
	exit 1
fi
go vet -tags "$tags" ./...
go run honnef.co/go/tools/cmd/staticcheck@v0.7.0 -tags "$tags" ./...
GOOS=windows CGO_ENABLED=0 go build ./apiclient/... ./device/... ./kiosk/...
