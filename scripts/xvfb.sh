#!/bin/sh
# Runs a command on a virtual display that holds every panel we draw for. -noreset: else the display begins anew whenever its last window closes, and
# whoever connects in that instant is thrown out.
exec xvfb-run -a -s '-screen 0 1920x1920x24 -nolisten tcp -noreset' "$@"
