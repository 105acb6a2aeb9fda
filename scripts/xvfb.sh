#!/bin/sh
# Runs a command on a virtual display that is large enough for every supported panel. Without -noreset the X server
# would reset itself when its last window closes, and drop clients that connect at that moment.
exec xvfb-run -a -s '-screen 0 1920x1920x24 -nolisten tcp -noreset' "$@"
